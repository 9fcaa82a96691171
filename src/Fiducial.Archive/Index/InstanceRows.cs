using System.Data.Common;

namespace Fiducial.Archive.Index;

/// <summary>Reads instances out of the index.</summary>
internal static class InstanceRows
{
    private const string Select = """
        SELECT i.id, st.uid, se.uid, i.uid, i.sop_class, i.transfer_syntax, i.calling_ae, i.sha256, i.length, i.stored_at,
            p.patient_id, p.name, p.birth_date, p.sex, i.accession, se.modality, i.body_part, i.laterality, i.view_position,
            se.description, se.protocol, se.number, i.number, i.rows, i.columns, i.frames, i.file, i.data_set_offset,
            i.is_interpretive
        FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
            JOIN patients p ON p.id = i.patient

        """;

    /// <param name="connection">Of the index.</param>
    /// <param name="rest">WHERE and what follows; its parameters are $1, $2 …</param>
    /// <param name="values">Of the parameters.</param>
    public static List<StoredInstance> Read(DbConnection connection, string rest, params ReadOnlySpan<object?> values)
    {
        using var reader = connection.Execute(Select + rest, values);
        var found = new List<StoredInstance>();
        while (reader.Read())
        {
            found.Add(One(reader));
        }
        return found;
    }

    private static StoredInstance One(DbDataReader r) =>
        new()
        {
            Position = r.GetInt64(0),
            StudyInstanceUid = r.GetString(1),
            SeriesInstanceUid = r.GetString(2),
            SopInstanceUid = r.GetString(3),
            SopClassUid = r.GetString(4),
            TransferSyntaxUid = r.GetString(5),
            CallingAE = r.GetString(6),
            Sha256 = Convert.ToHexStringLower(r.GetFieldValue<byte[]>(7)),
            Length = r.GetInt64(8),
            StoredAt = new DateTimeOffset(r.GetInt64(9), TimeSpan.Zero),
            PatientId = r.GetString(10),
            PatientName = r.GetString(11),
            PatientBirthDate = r.GetString(12),
            PatientSex = r.GetString(13),
            AccessionNumber = r.GetString(14),
            Modality = r.GetString(15),
            BodyPartExamined = r.GetString(16),
            Laterality = r.GetString(17),
            ViewPosition = r.GetString(18),
            SeriesDescription = r.GetString(19),
            ProtocolName = r.GetString(20),
            SeriesNumber = Number(r, 21),
            InstanceNumber = Number(r, 22),
            Rows = Number(r, 23),
            Columns = Number(r, 24),
            NumberOfFrames = r.GetInt32(25),
            File = r.GetString(26),
            DataSetOffset = r.GetInt64(27),
            IsInterpretive = r.GetBoolean(28),
        };

    private static int? Number(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt32(column);
}
