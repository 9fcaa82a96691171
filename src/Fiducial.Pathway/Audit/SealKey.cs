using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fiducial.Foundation.Storage;

namespace Fiducial.Pathway.Audit;

/// <summary>
/// The site's key for seals, in the data folder, and beside it the list of seals that this folder knows (<c>seals.tsv</c>): who has the
/// database alone can neither sign a seal nor hide one.
/// </summary>
public sealed class SealKey(string folder)
{
    private string KeyFile => Path.Combine(folder, "seal.key.pem");
    private string ListFile => Path.Combine(folder, "seals.tsv");

    /// <summary>Signs the hash of a seal, with a key that is made when there is none.</summary>
    public string Sign(string hash)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(KeyFile))
        {
            key.ImportFromPem(File.ReadAllText(KeyFile));
        }
        else
        {
            PrivateFile.Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        }
        return Convert.ToBase64String(key.SignData(Encoding.ASCII.GetBytes(hash), HashAlgorithmName.SHA256));
    }

    public bool IsOurs(AuditSeal seal)
    {
        if (!File.Exists(KeyFile))
        {
            return false;
        }
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(KeyFile));
        try
        {
            return key.VerifyData(
                Encoding.ASCII.GetBytes(seal.Hash),
                Convert.FromBase64String(seal.Signature),
                HashAlgorithmName.SHA256
            );
        }
        catch (FormatException)
        {
            return false;
        }
    }

    internal void Remember(AuditSeal seal) =>
        File.AppendAllText(ListFile, string.Create(CultureInfo.InvariantCulture, $"{seal.Number}\t{seal.Hash}\n"));

    /// <summary>Numbers and hashes of the seals that were made in this folder.</summary>
    internal IReadOnlyDictionary<long, string> Remembered() =>
        File.Exists(ListFile)
            ? File.ReadLines(ListFile)
                .Select(l => l.Split('\t'))
                .Where(l => l.Length == 2)
                .GroupBy(l => long.Parse(l[0], CultureInfo.InvariantCulture))
                .ToDictionary(g => g.Key, g => g.Last()[1])
            : new Dictionary<long, string>();
}
