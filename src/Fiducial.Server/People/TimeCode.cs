using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fiducial.Server.People;

/// <summary>Codes of an authenticator (RFC 6238): HMAC-SHA-1 over a count of 30 seconds, six digits, as every authenticator makes them.</summary>
internal static class TimeCode
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Seconds = 30;

    /// <summary>The count of 30 seconds since 1970 (RFC 6238 4.2).</summary>
    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / Seconds;

    /// <summary>A new key of 160 bits (RFC 4226 4, R6) in Base32.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Base32, 32);

    /// <summary>The address that an authenticator reads from a QR code.</summary>
    public static string Address(string account, string key) =>
        $"otpauth://totp/Fiducial:{Uri.EscapeDataString(account)}?secret={key}&issuer=Fiducial&algorithm=SHA1&digits=6&period={Seconds}";

    /// <summary>The step, of those from <paramref name="first"/> to <paramref name="last"/>, whose code was typed; null when none is.</summary>
    public static long? Find(string key, string typed, long first, long last)
    {
        var digits = Encoding.UTF8.GetBytes(typed.Replace(" ", "", StringComparison.Ordinal));
        for (var step = first; step <= last; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(digits, Encoding.UTF8.GetBytes(Of(key, step))))
            {
                return step;
            }
        }
        return null;
    }

    public static string Of(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // The algorithm is that of the standard and of the authenticators.
        var hash = HMACSHA1.HashData(Bytes(key), counter);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFFFFFF;
        return (code % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(string base32)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in base32.TrimEnd('='))
        {
            bits = (bits << 5) | Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }
        return [.. bytes];
    }
}
