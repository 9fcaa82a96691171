using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fiducial.Pathway.Ledger;

/// <summary>SHA-256 over several texts, each preceded by its length so that no two lists of texts read alike.</summary>
public static class FieldHash
{
    /// <summary>64 lower-case hexadecimal digits.</summary>
    public static string Of(params ReadOnlySpan<string> fields)
    {
        var text = new StringBuilder(512);
        foreach (var field in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field}\n");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>An instant as it is hashed and compared: in microseconds, which is what PostgreSQL keeps.</summary>
    public static string Text(DateTimeOffset at) =>
        (at.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);
}
