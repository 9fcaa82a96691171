using System.Reflection;
using System.Security.Cryptography;

namespace Fiducial.Results.Release;

/// <summary>
/// Where release packs lie: in the program, or in a folder of the site's own. Each has a detached signature beside it
/// (<c>NAME.json.sig</c>: ECDSA P-256 over SHA-256, DER, in base64); a pack that was edited after it was signed is refused.
/// </summary>
/// <param name="read">The bytes of a file of the shelf; null when there is none.</param>
/// <param name="publicKey">PEM of the key with which the packs are signed.</param>
public sealed class PackShelf(Func<string, byte[]?> read, string publicKey)
{
    /// <summary>The packs that come with the program.</summary>
    public static PackShelf OfTheProgram { get; } = new(FromAssembly, Key());

    /// <summary>The packs in a folder.</summary>
    /// <param name="publicKey">PEM of the site's key; null when they are signed with the key of the program.</param>
    public static PackShelf In(string folder, string? publicKey = null) =>
        new(
            name => Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null,
            publicKey ?? Key()
        );

    /// <summary>The names of the packs of the program.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(PackShelf)
            .Assembly.GetManifestResourceNames()
            .Where(n =>
                n.StartsWith("packs/", StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal)
            )
            .Select(n => n["packs/".Length..^".json".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A pack whose signature holds, and the SHA-256 of its file.</summary>
    /// <exception cref="InvalidDataException">There is no such pack, it is not signed, or it was edited.</exception>
    public (ReleasePack Pack, string Hash) Take(string name)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'))
        {
            throw new InvalidDataException($"'{name}' is no name of a release pack.");
        }
        var file = $"{name}.json";
        var json =
            read(file)
            ?? throw new InvalidDataException(
                $"There is no release pack '{name}'. The program has: {string.Join(", ", Names)}."
            );
        var signature =
            read($"{file}.sig") ?? throw new InvalidDataException($"The release pack '{name}' is not signed.");
        if (!IsSigned(json, signature))
        {
            throw new InvalidDataException(
                $"The release pack '{name}' was edited after it was signed, or signed with another key: it is not used."
            );
        }
        return (ReleasePack.Parse(name, json), Convert.ToHexStringLower(SHA256.HashData(json)));
    }

    /// <summary>The signature of a pack's bytes, as its <c>.sig</c> file holds it.</summary>
    public static string Sign(byte[] json, ECDsa privateKey) =>
        Convert.ToBase64String(
            privateKey.SignData(json, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );

    private bool IsSigned(byte[] json, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(publicKey);
            return key.VerifyData(
                json,
                Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(signature).Trim()),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            );
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static string Key() => System.Text.Encoding.ASCII.GetString(FromAssembly("packs.pub.pem")!);

    private static byte[]? FromAssembly(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"packs/{name}");
        if (stream is null)
        {
            return null;
        }
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
