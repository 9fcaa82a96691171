using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Index;

/// <summary>The tables of the SQLite index, version by version: an index of any earlier version is brought to this one when it is opened.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Versions =
    [
        """
            CREATE TABLE IF NOT EXISTS patients (
                id INTEGER PRIMARY KEY, patient_id TEXT NOT NULL, issuer TEXT NOT NULL, name TEXT NOT NULL,
                birth_date TEXT NOT NULL, sex TEXT NOT NULL, name_key TEXT NOT NULL,
                UNIQUE (patient_id, issuer, name, birth_date, sex)) STRICT;
            CREATE INDEX IF NOT EXISTS patients_by_name ON patients (name_key);
            CREATE TABLE IF NOT EXISTS studies (
                id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, patient INTEGER NOT NULL REFERENCES patients,
                date TEXT NOT NULL, time TEXT NOT NULL, study_id TEXT NOT NULL, accession TEXT NOT NULL,
                referring TEXT NOT NULL, referring_key TEXT NOT NULL, description TEXT NOT NULL) STRICT;
            CREATE INDEX IF NOT EXISTS studies_by_patient ON studies (patient);
            CREATE INDEX IF NOT EXISTS studies_by_date ON studies (date, time);
            CREATE INDEX IF NOT EXISTS studies_by_accession ON studies (accession);
            CREATE TABLE IF NOT EXISTS series (
                id INTEGER PRIMARY KEY, study INTEGER NOT NULL REFERENCES studies, uid TEXT NOT NULL, modality TEXT NOT NULL,
                number INTEGER, description TEXT NOT NULL, protocol TEXT NOT NULL, UNIQUE (study, uid)) STRICT;
            CREATE INDEX IF NOT EXISTS series_by_uid ON series (uid);
            CREATE TABLE IF NOT EXISTS instances (
                id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, series INTEGER NOT NULL REFERENCES series,
                patient INTEGER NOT NULL REFERENCES patients, sop_class TEXT NOT NULL, transfer_syntax TEXT NOT NULL,
                calling_ae TEXT NOT NULL, sha256 BLOB NOT NULL, length INTEGER NOT NULL, stored_at INTEGER NOT NULL,
                accession TEXT NOT NULL, body_part TEXT NOT NULL, laterality TEXT NOT NULL, view_position TEXT NOT NULL,
                number INTEGER, rows INTEGER, columns INTEGER, frames INTEGER NOT NULL, file TEXT NOT NULL UNIQUE,
                data_set_offset INTEGER NOT NULL) STRICT;
            CREATE INDEX IF NOT EXISTS instances_by_series ON instances (series);
            CREATE TABLE IF NOT EXISTS quarantine (
                id INTEGER PRIMARY KEY, uid TEXT NOT NULL, sha256 BLOB NOT NULL, calling_ae TEXT NOT NULL, at INTEGER NOT NULL,
                file TEXT NOT NULL, reason TEXT NOT NULL, UNIQUE (uid, sha256)) STRICT;
            CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
            """,
        // What is quarantined can be listed and read like what is stored.
        """
            ALTER TABLE quarantine ADD COLUMN study TEXT NOT NULL DEFAULT '';
            ALTER TABLE quarantine ADD COLUMN series TEXT NOT NULL DEFAULT '';
            ALTER TABLE quarantine ADD COLUMN sop_class TEXT NOT NULL DEFAULT '';
            ALTER TABLE quarantine ADD COLUMN transfer_syntax TEXT NOT NULL DEFAULT '';
            ALTER TABLE quarantine ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE quarantine ADD COLUMN data_set_offset INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX quarantine_by_file ON quarantine (file);
            """,
        // Objects that interpret images, and how many of both each series has.
        """
            ALTER TABLE instances ADD COLUMN is_interpretive INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE instances ADD COLUMN bits_allocated INTEGER;
            UPDATE instances SET is_interpretive = fiducial_is_interpretive(sop_class);
            ALTER TABLE series ADD COLUMN instances INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE series ADD COLUMN interpretive INTEGER NOT NULL DEFAULT 0;
            UPDATE series SET instances = (SELECT count(*) FROM instances i WHERE i.series = series.id),
                interpretive = (SELECT count(*) FROM instances i WHERE i.series = series.id AND i.is_interpretive);
            """,
        // When each study was last read again and hashed.
        """
            ALTER TABLE studies ADD COLUMN verified_at INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX studies_by_verification ON studies (verified_at);
            """,
        // Who may come: devices and bearer tokens, and what was changed about them by whom; what the archive takes responsibility for.
        """
            CREATE TABLE devices (
                id INTEGER PRIMARY KEY, ae_title TEXT NOT NULL UNIQUE, host TEXT NOT NULL, port INTEGER NOT NULL,
                role TEXT NOT NULL, certificate TEXT NOT NULL, most_associations INTEGER NOT NULL) STRICT;
            CREATE TABLE tokens (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha256 BLOB NOT NULL UNIQUE, scope INTEGER NOT NULL,
                until INTEGER NOT NULL, made_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
            CREATE TABLE register_changes (
                id INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, what TEXT NOT NULL) STRICT;
            CREATE TABLE commitments (
                id INTEGER PRIMARY KEY, transaction_uid TEXT NOT NULL, ae_title TEXT NOT NULL, requested_at INTEGER NOT NULL,
                decided_at INTEGER, answered_at INTEGER, tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER) STRICT;
            CREATE INDEX commitments_due ON commitments (next_at) WHERE next_at IS NOT NULL;
            CREATE TABLE committed_objects (
                id INTEGER PRIMARY KEY, commitment INTEGER NOT NULL REFERENCES commitments, sop_class TEXT NOT NULL,
                uid TEXT NOT NULL, failure INTEGER) STRICT;
            CREATE INDEX committed_objects_by_commitment ON committed_objects (commitment);
            CREATE INDEX committed_objects_by_uid ON committed_objects (uid);
            """,
        // Images are found by their patient without a look at every study.
        "CREATE INDEX instances_by_patient ON instances (patient);",
        // What is kept how long, who asked for a deletion and decided, what stays of each object; and how much a device may send.
        """
            CREATE TABLE holds (
                id INTEGER PRIMARY KEY, study TEXT NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL, at INTEGER NOT NULL,
                lifted_at INTEGER, lifted_by TEXT NOT NULL DEFAULT '', lifted_why TEXT NOT NULL DEFAULT '') STRICT;
            CREATE INDEX holds_by_study ON holds (study);
            CREATE TABLE deletions (
                id INTEGER PRIMARY KEY, study TEXT NOT NULL, patient_id TEXT NOT NULL, accession TEXT NOT NULL,
                modalities TEXT NOT NULL, kept_until TEXT NOT NULL, rule TEXT NOT NULL, objects INTEGER NOT NULL,
                requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL, is_approved INTEGER,
                decided_by TEXT NOT NULL DEFAULT '', decided_at INTEGER, carried_out_at INTEGER,
                refusal TEXT NOT NULL DEFAULT '') STRICT;
            CREATE INDEX deletions_by_study ON deletions (study);
            CREATE INDEX deletions_approved ON deletions (id) WHERE is_approved = 1 AND carried_out_at IS NULL;
            CREATE TABLE tombstones (
                id INTEGER PRIMARY KEY, deletion INTEGER NOT NULL REFERENCES deletions, position INTEGER NOT NULL,
                uid TEXT NOT NULL, study TEXT NOT NULL, series TEXT NOT NULL, sop_class TEXT NOT NULL,
                transfer_syntax TEXT NOT NULL, calling_ae TEXT NOT NULL, sha256 BLOB NOT NULL, length INTEGER NOT NULL,
                stored_at INTEGER NOT NULL, file TEXT NOT NULL, removed_at INTEGER) STRICT;
            CREATE INDEX tombstones_by_uid ON tombstones (uid);
            CREATE INDEX tombstones_by_study ON tombstones (study);
            CREATE INDEX tombstones_by_file ON tombstones (file);
            CREATE INDEX tombstones_by_deletion ON tombstones (deletion);
            CREATE INDEX tombstones_to_remove ON tombstones (id) WHERE removed_at IS NULL;
            CREATE INDEX quarantine_by_study ON quarantine (study);
            ALTER TABLE devices ADD COLUMN most_bytes_a_day INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE devices ADD COLUMN largest_object INTEGER NOT NULL DEFAULT 0;
            """,
        // When each series was made and for which request: null where it was stored before that was asked, until it is read again.
        """
            ALTER TABLE series ADD COLUMN date TEXT;
            ALTER TABLE series ADD COLUMN time TEXT;
            ALTER TABLE series ADD COLUMN performed_date TEXT;
            ALTER TABLE series ADD COLUMN performed_time TEXT;
            ALTER TABLE series ADD COLUMN requested TEXT;
            ALTER TABLE series ADD COLUMN scheduled TEXT;
            CREATE INDEX series_by_date ON series (date, time);
            CREATE INDEX series_by_performed_date ON series (performed_date, performed_time);
            CREATE INDEX series_to_read_again ON series (id) WHERE date IS NULL;
            """,
    ];

    /// <exception cref="IOException">The index was written by a newer version of the program.</exception>
    public static void Bring(SqliteConnection writer)
    {
        var version = VersionOf(writer);
        if (version > Versions.Length)
        {
            throw new IOException(
                $"The archive's index is of version {version}; this program knows up to {Versions.Length}. Use the newer program."
            );
        }
        writer.CreateFunction(
            "fiducial_is_interpretive",
            (string sopClass) => InterpretiveObjects.IsInterpretiveClass(sopClass)
        );
        for (; version < Versions.Length; version++)
        {
            using var command = writer.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Versions[version]} PRAGMA user_version = {version + 1}; COMMIT;"
            );
            command.ExecuteNonQuery();
        }
    }

    private static long VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
