using System.Data.Common;

namespace Fiducial.Archive.Index;

/// <summary>The prepared statements of the index writer. One row each; ids are remembered, because a study comes in many objects.</summary>
internal sealed class IndexStatements : IDisposable
{
    private const int Remembered = 4096;

    private readonly DbConnection _connection;
    private readonly IndexDialect _dialect;
    private readonly List<DbCommand> _commands = [];
    private readonly Dictionary<object, long> _ids = [];
    private readonly DbCommand _begin;
    private readonly DbCommand _commit;
    private readonly DbCommand _findInstance;
    private readonly DbCommand _patient;
    private readonly DbCommand _study;
    private readonly DbCommand _series;
    private readonly DbCommand _instance;
    private readonly DbCommand _count;
    private readonly DbCommand _quarantine;
    private readonly DbCommand _verified;

    public IndexStatements(DbConnection connection, IndexDialect dialect)
    {
        (_connection, _dialect) = (connection, dialect);
        _begin = Prepare(dialect.Begin, 0);
        _commit = Prepare("COMMIT", 0);
        _findInstance = Prepare(
            """
            SELECT sha256, transfer_syntax, 0 FROM instances WHERE uid = $1
            UNION ALL SELECT sha256, transfer_syntax, 1 FROM tombstones WHERE uid = $1
            """,
            1
        );
        // DO UPDATE changes nothing: it makes RETURNING give the id of a row that was there.
        _patient = Prepare(
            $"""
            INSERT INTO patients (patient_id, issuer, name, birth_date, sex, name_key) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT ({dialect.SamePatient}) DO UPDATE SET sex = excluded.sex RETURNING id
            """,
            6
        );
        _study = Prepare(
            """
            INSERT INTO studies (uid, patient, date, time, study_id, accession, referring, referring_key, description)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (uid) DO UPDATE SET uid = excluded.uid RETURNING id
            """,
            9
        );
        _series = Prepare(
            """
            INSERT INTO series (study, uid, modality, number, description, protocol, date, time, performed_date,
                performed_time, requested, scheduled)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (study, uid) DO UPDATE SET uid = excluded.uid RETURNING id
            """,
            12
        );
        _instance = Prepare(
            """
            INSERT INTO instances (uid, series, patient, sop_class, transfer_syntax, calling_ae, sha256, length, stored_at,
                accession, body_part, laterality, view_position, number, rows, columns, frames, file, data_set_offset,
                bits_allocated, is_interpretive)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            RETURNING id
            """,
            21
        );
        _count = Prepare(
            "UPDATE series SET instances = instances + 1, interpretive = interpretive + $2 WHERE id = $1",
            2
        );
        _quarantine = Prepare(
            """
            INSERT INTO quarantine (uid, sha256, calling_ae, at, file, reason, study, series, sop_class, transfer_syntax,
                length, data_set_offset)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (uid, sha256) DO NOTHING RETURNING id
            """,
            12
        );
        _verified = Prepare("UPDATE studies SET verified_at = $2 WHERE uid = $1", 2);
    }

    /// <summary>By itself, outside of a group.</summary>
    public void Verified(string studyInstanceUid, long ticks)
    {
        Bind(_verified, studyInstanceUid, ticks);
        _verified.ExecuteNonQuery();
    }

    public void Begin() => _begin.ExecuteNonQuery();

    /// <summary>On the disk when this returns.</summary>
    public void Commit() => _commit.ExecuteNonQuery();

    /// <summary>True while the connection on which they were prepared is the one that writes.</summary>
    public bool AreOf(DbConnection connection) => ReferenceEquals(_connection, connection);

    /// <summary>What was begun was rolled back: the rows that were added are not there.</summary>
    public void Forget() => _ids.Clear();

    public (Outcome Outcome, long Position) Add(Arrival arrival)
    {
        var facts = arrival.Facts;
        if (Known(facts.SopInstanceUid) is not { } known)
        {
            return (Outcome.Stored, Insert(arrival));
        }
        if (known.IsDeleted)
        {
            return (
                Quarantine(arrival, "It was deleted here by the retention schedule (docs/decisions/0018).")
                is Outcome.Quarantined
                    ? Outcome.QuarantinedAfterDeletion
                    : Outcome.AlreadyQuarantined,
                0
            );
        }
        return
            known.Sha256.AsSpan().SequenceEqual(arrival.Sha256) && known.TransferSyntaxUid == arrival.TransferSyntaxUid
            ? (Outcome.AlreadyStored, 0)
            : (Quarantine(arrival, "Other bytes are stored under this SOP Instance UID."), 0);
    }

    public void Dispose() => _commands.ForEach(c => c.Dispose());

    // An object that is here comes before the tombstone of an earlier one.
    private (byte[] Sha256, string TransferSyntaxUid, bool IsDeleted)? Known(string sopInstanceUid)
    {
        Bind(_findInstance, sopInstanceUid);
        using var reader = _findInstance.ExecuteReader();
        return reader.Read() ? (reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.GetInt32(2) == 1) : null;
    }

    private long Insert(Arrival arrival)
    {
        var facts = arrival.Facts;
        var patient = IdOf(
            facts.Patient,
            _patient,
            facts.Patient.Id,
            facts.Patient.Issuer,
            facts.Patient.Name,
            facts.Patient.BirthDate,
            facts.Patient.Sex,
            NameKey.Of(facts.Patient.Name)
        );
        var study = IdOf(
            facts.Study.Uid,
            _study,
            facts.Study.Uid,
            patient,
            facts.Study.Date,
            facts.Study.Time,
            facts.Study.Id,
            facts.Study.AccessionNumber,
            facts.Study.ReferringPhysicianName,
            NameKey.Of(facts.Study.ReferringPhysicianName),
            facts.Study.Description
        );
        var series = IdOf(
            (study, facts.Series.Uid),
            _series,
            study,
            facts.Series.Uid,
            facts.Series.Modality,
            facts.Series.Number,
            facts.Series.Description,
            facts.Series.ProtocolName,
            facts.Series.Times.Date,
            facts.Series.Times.Time,
            facts.Series.Times.PerformedDate,
            facts.Series.Times.PerformedTime,
            facts.Series.Times.Requested,
            facts.Series.Times.Scheduled
        );
        Bind(
            _instance,
            facts.SopInstanceUid,
            series,
            patient,
            facts.SopClassUid,
            arrival.TransferSyntaxUid,
            arrival.CallingAE,
            arrival.Sha256,
            arrival.Length,
            arrival.At.UtcTicks,
            facts.AccessionNumber,
            facts.BodyPartExamined,
            facts.Laterality,
            facts.ViewPosition,
            facts.InstanceNumber,
            facts.Rows,
            facts.Columns,
            facts.NumberOfFrames,
            arrival.File,
            arrival.DataSetOffset,
            facts.BitsAllocated,
            facts.IsInterpretive
        );
        Bind(_count, series, facts.IsInterpretive ? 1L : 0L);
        _count.ExecuteNonQuery();
        return (long)_instance.ExecuteScalar()!;
    }

    /// <summary>Keeps the object where its file stands, listed and never shown among the others.</summary>
    public Outcome Quarantine(Arrival arrival, string reason)
    {
        Bind(
            _quarantine,
            arrival.Facts.SopInstanceUid,
            arrival.Sha256,
            arrival.CallingAE,
            arrival.At.UtcTicks,
            arrival.File,
            reason,
            arrival.Facts.Study.Uid,
            arrival.Facts.Series.Uid,
            arrival.Facts.SopClassUid,
            arrival.TransferSyntaxUid,
            arrival.Length,
            arrival.DataSetOffset
        );
        return _quarantine.ExecuteScalar() is null ? Outcome.AlreadyQuarantined : Outcome.Quarantined;
    }

    private long IdOf(object key, DbCommand insert, params ReadOnlySpan<object?> values)
    {
        if (_ids.TryGetValue(key, out var known))
        {
            return known;
        }
        Bind(insert, values);
        if (_ids.Count >= Remembered)
        {
            _ids.Clear();
        }
        return _ids[key] = (long)insert.ExecuteScalar()!;
    }

    private DbCommand Prepare(string sql, int parameters)
    {
        var command = _connection.Command(sql, new object?[parameters]);
        // PostgreSQL prepares by itself what is executed often, with the types that it then sees.
        if (_dialect == IndexDialect.Sqlite)
        {
            command.Prepare();
        }
        _commands.Add(command);
        return command;
    }

    private void Bind(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = _dialect.Value(values[i]) ?? DBNull.Value;
        }
    }
}
