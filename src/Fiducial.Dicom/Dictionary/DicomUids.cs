using System.Collections.Frozen;

namespace Fiducial.Dicom;

/// <summary>SOP classes and transfer syntaxes of PS3.6.</summary>
public static partial class DicomUids
{
    /// <summary>The well-known instance of storage commitment (PS3.4 J.3.5).</summary>
    public const string StorageCommitmentPushModelInstance = "1.2.840.10008.1.20.1.1";

    private static readonly Lazy<FrozenDictionary<string, (string Name, string Type)>> Loaded = new(Load);

    /// <summary>The name in the standard, or the UID itself when it is private or unknown.</summary>
    public static string NameOf(string uid) => Loaded.Value.TryGetValue(uid, out var known) ? known.Name : uid;

    /// <summary>
    /// True for every class that may be stored. Standard classes by their name; a UID that the standard does not know is a
    /// private storage class, because no other private service is spoken here.
    /// </summary>
    public static bool IsStorageSopClass(string uid) =>
        !Loaded.Value.TryGetValue(uid, out var known)
            ? !uid.StartsWith("1.2.840.10008.", StringComparison.Ordinal)
                || uid.StartsWith("1.2.840.10008.5.1.4.1.1.", StringComparison.Ordinal)
            : known.Type is "SOP Class"
                && known.Name.Contains("Storage", StringComparison.Ordinal)
                && uid
                    is not (MediaStorageDirectoryStorage or StorageCommitmentPushModel or StorageCommitmentPullModel);

    /// <summary>The storage classes of the standard, retired ones too, by name.</summary>
    public static IReadOnlyList<string> StorageSopClasses =>
        [.. Loaded.Value.Keys.Where(IsStorageSopClass).OrderBy(NameOf, StringComparer.Ordinal)];

    /// <summary>The transfer syntaxes of the standard, by UID.</summary>
    public static IReadOnlyList<string> TransferSyntaxes =>
        [
            .. Loaded
                .Value.Where(u => u.Value.Type is "Transfer Syntax")
                .Select(u => u.Key)
                .Order(StringComparer.Ordinal),
        ];

    private static FrozenDictionary<string, (string, string)> Load()
    {
        using var stream = typeof(DicomUids).Assembly.GetManifestResourceStream("uids.tsv")!;
        using var reader = new StreamReader(stream);
        var uids = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            uids[cells[0]] = (cells[1], cells[2]);
        }
        return uids.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
