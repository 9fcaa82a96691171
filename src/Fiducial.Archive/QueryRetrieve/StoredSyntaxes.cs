using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>
/// Which transfer syntaxes the objects of a class are stored in. A requestor of C-GET that offers several in one context gets the stored one
/// when all objects of the class have it, else an uncompressed one, in which most can be given.
/// </summary>
internal sealed class StoredSyntaxes(ArchiveIndex index) : ISentSyntaxes
{
    private readonly Lock _reading = new();
    private readonly Dictionary<string, HashSet<string>> _known = new(StringComparer.Ordinal);
    private long _position;

    public string Choose(string sopClassUid, IReadOnlyList<string> offered)
    {
        lock (_reading)
        {
            try
            {
                ReadOn();
            }
            catch (IndexUnavailableException)
            {
                // What is known is good enough to agree on; what is then asked for is refused with a status that says why.
            }
            if (
                _known.TryGetValue(sopClassUid, out var stored)
                && stored.Count == 1
                && offered.Contains(stored.First(), StringComparer.Ordinal)
            )
            {
                return stored.First();
            }
        }
        return offered.FirstOrDefault(s => s is DicomUids.ExplicitVRLittleEndian)
            ?? offered.FirstOrDefault(s => s is DicomUids.ImplicitVRLittleEndian)
            ?? offered.FirstOrDefault()
            ?? "";
    }

    // Only what has come since: objects are never changed.
    private void ReadOn() =>
        index.Read(connection =>
        {
            using var command = connection.Command(
                "SELECT sop_class, transfer_syntax, max(id) FROM instances WHERE id > $1 GROUP BY sop_class, transfer_syntax",
                _position
            );
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (!_known.TryGetValue(reader.GetString(0), out var syntaxes))
                {
                    _known[reader.GetString(0)] = syntaxes = new HashSet<string>(StringComparer.Ordinal);
                }
                syntaxes.Add(reader.GetString(1));
                _position = Math.Max(_position, reader.GetInt64(2));
            }
            return true;
        });
}
