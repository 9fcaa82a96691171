using System.Data.Common;
using Fiducial.Archive.Files;

namespace Fiducial.Archive.Index;

internal sealed class Quarantine(ArchiveIndex index, IObjectStore store) : IQuarantine
{
    private const string Select =
        "SELECT id, uid, study, series, sop_class, transfer_syntax, calling_ae, at, sha256, length, reason, file FROM quarantine ";

    public IReadOnlyList<QuarantinedObject> List(long after, int limit, string? sopInstanceUid = null) =>
        sopInstanceUid is null
            ? Read("WHERE id > $1 ORDER BY id LIMIT $2", after, limit)
            : Read("WHERE id > $1 AND uid = $3 ORDER BY id LIMIT $2", after, limit, sopInstanceUid);

    public QuarantinedObject? Find(long id) => Read("WHERE id = $1", id) is [var found] ? found : null;

    public Stream OpenPart10(QuarantinedObject quarantined) => store.OpenRead(quarantined.File);

    private List<QuarantinedObject> Read(string rest, params object[] values) =>
        index.Read(connection =>
        {
            using var command = connection.Command(Select + rest, values);
            using var reader = command.ExecuteReader();
            var found = new List<QuarantinedObject>();
            while (reader.Read())
            {
                found.Add(One(reader));
            }
            return found;
        });

    private static QuarantinedObject One(DbDataReader r) =>
        new()
        {
            Id = r.GetInt64(0),
            SopInstanceUid = r.GetString(1),
            StudyInstanceUid = r.GetString(2),
            SeriesInstanceUid = r.GetString(3),
            SopClassUid = r.GetString(4),
            TransferSyntaxUid = r.GetString(5),
            CallingAE = r.GetString(6),
            ArrivedAt = new DateTimeOffset(r.GetInt64(7), TimeSpan.Zero),
            Sha256 = Convert.ToHexStringLower(r.GetFieldValue<byte[]>(8)),
            Length = r.GetInt64(9),
            Reason = r.GetString(10),
            File = r.GetString(11),
        };
}
