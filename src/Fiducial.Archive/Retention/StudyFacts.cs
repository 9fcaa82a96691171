using System.Data.Common;
using Fiducial.Archive.Index;
using Fiducial.Foundation.Calendar;

namespace Fiducial.Archive;

/// <summary>What the schedule asks of a study.</summary>
/// <param name="ExamDate">Study Date (0008,0020); the day of its arrival when it has none, or one that was not yet.</param>
/// <param name="LastExam">Of the same patient, this study's or a later one.</param>
/// <param name="BirthDate">Null when it is not known.</param>
/// <param name="ArrivedOn">When the newest of its objects came.</param>
/// <param name="Objects">Of the study, those of the quarantine among them.</param>
internal sealed record StudyFacts(
    string StudyInstanceUid,
    string PatientId,
    string AccessionNumber,
    IReadOnlyList<string> Modalities,
    DateOnly ExamDate,
    DateOnly LastExam,
    DateOnly? BirthDate,
    DateOnly ArrivedOn,
    long Objects
)
{
    private const string Dates = """
        SELECT st.date, coalesce((SELECT max(i.stored_at) FROM series se JOIN instances i ON i.series = se.id
            WHERE se.study = st.id), 0)
        FROM studies st JOIN patients q ON q.id = st.patient
        """;

    /// <summary>Studies that could be due by their own date alone, in order of date.</summary>
    /// <param name="connection">Of the index.</param>
    /// <param name="notAfter">YYYYMMDD; a study without a date is among them.</param>
    /// <param name="today">A study whose date is later has a wrong one.</param>
    /// <param name="after">Date and UID of the last study of the page before.</param>
    /// <param name="limit">At most so many.</param>
    public static List<(string Date, string Uid)> Candidates(
        DbConnection connection,
        string notAfter,
        string today,
        (string Date, string Uid) after,
        int limit
    )
    {
        using var reader = connection.Execute(
            """
            SELECT date, uid FROM studies WHERE (date <= $1 OR date > $2) AND (date > $3 OR (date = $3 AND uid > $4))
            ORDER BY date, uid LIMIT $5
            """,
            notAfter,
            today,
            after.Date,
            after.Uid,
            limit
        );
        var found = new List<(string, string)>();
        while (reader.Read())
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }
        return found;
    }

    /// <summary>Null when there is no such study.</summary>
    public static StudyFacts? Read(DbConnection connection, IndexDialect dialect, string studyInstanceUid)
    {
        long patient;
        string patientId,
            issuer,
            birthDate,
            date,
            accession;
        List<string> modalities;
        long arrived,
            objects;
        using (
            var reader = connection.Execute(
                $"""
                SELECT p.id, p.patient_id, p.issuer, p.birth_date, st.date, st.accession,
                    coalesce((SELECT {dialect.Listed("se.modality")} FROM series se WHERE se.study = st.id), ''),
                    coalesce((SELECT max(i.stored_at) FROM series se JOIN instances i ON i.series = se.id WHERE se.study = st.id), 0),
                    (SELECT count(*) FROM series se JOIN instances i ON i.series = se.id WHERE se.study = st.id)
                        + (SELECT count(*) FROM quarantine qu WHERE qu.study = st.uid)
                FROM studies st JOIN patients p ON p.id = st.patient WHERE st.uid = $1
                """,
                studyInstanceUid
            )
        )
        {
            if (!reader.Read())
            {
                return null;
            }
            (patient, patientId, issuer) = (reader.GetInt64(0), reader.GetString(1), reader.GetString(2));
            (birthDate, date, accession) = (reader.GetString(3), reader.GetString(4), reader.GetString(5));
            modalities = [.. reader.GetString(6).Split(',').Where(m => m.Length > 0).Order(StringComparer.Ordinal)];
            (arrived, objects) = (reader.GetInt64(7), reader.GetInt64(8));
        }
        var examDate = DayOf(date, arrived);
        // Without an identifier nobody can say which other studies are of the same patient.
        using var others =
            patientId.Length > 0
                ? connection.Execute($"{Dates} WHERE q.patient_id = $1 AND q.issuer = $2", patientId, issuer)
                : connection.Execute($"{Dates} WHERE q.id = $1", patient);
        var last = examDate;
        while (others.Read())
        {
            var day = DayOf(others.GetString(0), others.GetInt64(1));
            last = day > last ? day : last;
        }
        return new StudyFacts(
            studyInstanceUid,
            patientId,
            accession,
            modalities,
            examDate,
            last,
            DayText.Day(birthDate),
            DayOf(arrived),
            objects
        );
    }

    private static DateOnly DayOf(string date, long arrived) =>
        // A day that was not yet when the object came is a wrong one; a day more is the difference of time zones.
        DayText.Day(date)
            is { } day
        && (arrived == 0 || day <= DayOf(arrived).AddDays(1))
            ? day
            : DayOf(arrived);

    private static DateOnly DayOf(long ticks) => DateOnly.FromDateTime(new DateTime(ticks, DateTimeKind.Utc));
}
