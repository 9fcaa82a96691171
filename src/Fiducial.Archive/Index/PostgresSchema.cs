using System.Data.Common;
using System.Globalization;

namespace Fiducial.Archive.Index;

/// <summary>
/// The tables of the PostgreSQL index, version by version. Texts compare byte by byte (collation C), as they do in SQLite: dates are ranges
/// of texts, and a name that begins so is found by its index.
/// </summary>
internal static class PostgresSchema
{
    public const string Name = "archive";

    private static readonly string[] Versions =
    [
        // The digest stands for five texts that together may be longer than an index entry can be.
        """
            CREATE TABLE patients (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, patient_id TEXT COLLATE "C" NOT NULL,
                issuer TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, birth_date TEXT COLLATE "C" NOT NULL,
                sex TEXT COLLATE "C" NOT NULL, name_key TEXT COLLATE "C" NOT NULL,
                digest BYTEA NOT NULL GENERATED ALWAYS AS (sha256(convert_to_utf8(
                    patient_id || E'\x01' || issuer || E'\x01' || name || E'\x01' || birth_date || E'\x01' || sex))) STORED UNIQUE);
            CREATE INDEX patients_by_name ON patients (name_key);
            CREATE INDEX patients_by_id ON patients (patient_id);
            CREATE TABLE studies (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, uid TEXT COLLATE "C" NOT NULL UNIQUE,
                patient BIGINT NOT NULL REFERENCES patients, date TEXT COLLATE "C" NOT NULL, time TEXT COLLATE "C" NOT NULL,
                study_id TEXT COLLATE "C" NOT NULL, accession TEXT COLLATE "C" NOT NULL, referring TEXT COLLATE "C" NOT NULL,
                referring_key TEXT COLLATE "C" NOT NULL, description TEXT COLLATE "C" NOT NULL,
                verified_at BIGINT NOT NULL DEFAULT 0);
            CREATE INDEX studies_by_patient ON studies (patient);
            CREATE INDEX studies_by_date ON studies (date, time, id);
            CREATE INDEX studies_by_accession ON studies (accession);
            CREATE INDEX studies_by_verification ON studies (verified_at);
            CREATE TABLE series (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, study BIGINT NOT NULL REFERENCES studies,
                uid TEXT COLLATE "C" NOT NULL, modality TEXT COLLATE "C" NOT NULL, number INTEGER,
                description TEXT COLLATE "C" NOT NULL, protocol TEXT COLLATE "C" NOT NULL,
                instances BIGINT NOT NULL DEFAULT 0, interpretive BIGINT NOT NULL DEFAULT 0, UNIQUE (study, uid));
            CREATE INDEX series_by_uid ON series (uid);
            CREATE TABLE instances (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, uid TEXT COLLATE "C" NOT NULL UNIQUE,
                series BIGINT NOT NULL REFERENCES series, patient BIGINT NOT NULL REFERENCES patients,
                sop_class TEXT COLLATE "C" NOT NULL, transfer_syntax TEXT COLLATE "C" NOT NULL,
                calling_ae TEXT COLLATE "C" NOT NULL, sha256 BYTEA NOT NULL, length BIGINT NOT NULL, stored_at BIGINT NOT NULL,
                accession TEXT COLLATE "C" NOT NULL, body_part TEXT COLLATE "C" NOT NULL, laterality TEXT COLLATE "C" NOT NULL,
                view_position TEXT COLLATE "C" NOT NULL, number INTEGER, rows INTEGER, columns INTEGER, frames INTEGER NOT NULL,
                file TEXT COLLATE "C" NOT NULL UNIQUE, data_set_offset BIGINT NOT NULL,
                is_interpretive BOOLEAN NOT NULL, bits_allocated INTEGER);
            CREATE INDEX instances_by_series ON instances (series);
            CREATE TABLE quarantine (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, uid TEXT COLLATE "C" NOT NULL, sha256 BYTEA NOT NULL,
                calling_ae TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL, file TEXT COLLATE "C" NOT NULL, reason TEXT NOT NULL,
                study TEXT COLLATE "C" NOT NULL, series TEXT COLLATE "C" NOT NULL, sop_class TEXT COLLATE "C" NOT NULL,
                transfer_syntax TEXT COLLATE "C" NOT NULL, length BIGINT NOT NULL, data_set_offset BIGINT NOT NULL,
                UNIQUE (uid, sha256));
            CREATE INDEX quarantine_by_file ON quarantine (file);
            """,
        // As NameKey.IsLike: each word asked for begins a word of the name, without regard to case and accents.
        """
            CREATE FUNCTION words_of(name TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
                SELECT array_remove(regexp_split_to_array(
                    upper(regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g') COLLATE "default"),
                    '[ ^=,*?-]+'), '') $f$;
            CREATE FUNCTION fiducial_is_like(name TEXT, asked TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
                SELECT NOT EXISTS (SELECT 1 FROM unnest(archive.words_of(asked)) a WHERE NOT EXISTS (
                    SELECT 1 FROM unnest(archive.words_of(name)) w WHERE starts_with(w, a))) $f$;
            """,
        // Who may come: devices and bearer tokens, and what was changed about them by whom; what the archive takes responsibility for.
        """
            CREATE TABLE devices (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ae_title TEXT COLLATE "C" NOT NULL UNIQUE, host TEXT NOT NULL,
                port INTEGER NOT NULL, role TEXT NOT NULL, certificate TEXT NOT NULL, most_associations INTEGER NOT NULL);
            CREATE TABLE tokens (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE,
                sha256 BYTEA NOT NULL UNIQUE, scope INTEGER NOT NULL, until BIGINT NOT NULL, made_at BIGINT NOT NULL,
                ended_at BIGINT);
            CREATE TABLE register_changes (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at BIGINT NOT NULL, author TEXT NOT NULL, what TEXT NOT NULL);
            CREATE TABLE commitments (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, transaction_uid TEXT NOT NULL, ae_title TEXT NOT NULL,
                requested_at BIGINT NOT NULL, decided_at BIGINT, answered_at BIGINT, tries INTEGER NOT NULL DEFAULT 0,
                next_at BIGINT);
            CREATE INDEX commitments_due ON commitments (next_at) WHERE next_at IS NOT NULL;
            CREATE TABLE committed_objects (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, commitment BIGINT NOT NULL REFERENCES commitments,
                sop_class TEXT COLLATE "C" NOT NULL, uid TEXT COLLATE "C" NOT NULL, failure INTEGER);
            CREATE INDEX committed_objects_by_commitment ON committed_objects (commitment);
            CREATE INDEX committed_objects_by_uid ON committed_objects (uid);
            """,
        // Images are found by their patient without a look at every study.
        "CREATE INDEX instances_by_patient ON instances (patient);",
        // What is kept how long, who asked for a deletion and decided, what stays of each object; and how much a device may send.
        """
            CREATE TABLE holds (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, study TEXT COLLATE "C" NOT NULL, reason TEXT NOT NULL,
                author TEXT NOT NULL, at BIGINT NOT NULL, lifted_at BIGINT, lifted_by TEXT NOT NULL DEFAULT '',
                lifted_why TEXT NOT NULL DEFAULT '');
            CREATE INDEX holds_by_study ON holds (study);
            CREATE TABLE deletions (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, study TEXT COLLATE "C" NOT NULL, patient_id TEXT NOT NULL,
                accession TEXT NOT NULL, modalities TEXT NOT NULL, kept_until TEXT NOT NULL, rule TEXT NOT NULL,
                objects BIGINT NOT NULL, requested_by TEXT NOT NULL, requested_at BIGINT NOT NULL, is_approved BIGINT,
                decided_by TEXT NOT NULL DEFAULT '', decided_at BIGINT, carried_out_at BIGINT,
                refusal TEXT NOT NULL DEFAULT '');
            CREATE INDEX deletions_by_study ON deletions (study);
            CREATE INDEX deletions_approved ON deletions (id) WHERE is_approved = 1 AND carried_out_at IS NULL;
            CREATE TABLE tombstones (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, deletion BIGINT NOT NULL REFERENCES deletions,
                position BIGINT NOT NULL, uid TEXT COLLATE "C" NOT NULL, study TEXT COLLATE "C" NOT NULL,
                series TEXT COLLATE "C" NOT NULL, sop_class TEXT COLLATE "C" NOT NULL,
                transfer_syntax TEXT COLLATE "C" NOT NULL, calling_ae TEXT COLLATE "C" NOT NULL, sha256 BYTEA NOT NULL,
                length BIGINT NOT NULL, stored_at BIGINT NOT NULL, file TEXT COLLATE "C" NOT NULL, removed_at BIGINT);
            CREATE INDEX tombstones_by_uid ON tombstones (uid);
            CREATE INDEX tombstones_by_study ON tombstones (study);
            CREATE INDEX tombstones_by_file ON tombstones (file);
            CREATE INDEX tombstones_by_deletion ON tombstones (deletion);
            CREATE INDEX tombstones_to_remove ON tombstones (id) WHERE removed_at IS NULL;
            CREATE INDEX quarantine_by_study ON quarantine (study);
            ALTER TABLE devices ADD COLUMN most_bytes_a_day BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE devices ADD COLUMN largest_object BIGINT NOT NULL DEFAULT 0;
            """,
        // When each series was made and for which request: null where it was stored before that was asked, until it is read again.
        """
            ALTER TABLE series ADD COLUMN date TEXT COLLATE "C";
            ALTER TABLE series ADD COLUMN time TEXT COLLATE "C";
            ALTER TABLE series ADD COLUMN performed_date TEXT COLLATE "C";
            ALTER TABLE series ADD COLUMN performed_time TEXT COLLATE "C";
            ALTER TABLE series ADD COLUMN requested TEXT COLLATE "C";
            ALTER TABLE series ADD COLUMN scheduled TEXT COLLATE "C";
            CREATE INDEX series_by_date ON series (date, time);
            CREATE INDEX series_by_performed_date ON series (performed_date, performed_time);
            CREATE INDEX series_to_read_again ON series (id) WHERE date IS NULL;
            """,
    ];

    /// <exception cref="IOException">The index was written by a newer version of the program, or the database is of another encoding.</exception>
    public static void Bring(DbConnection writer)
    {
        using (var encoding = writer.Command("SHOW server_encoding"))
        {
            if (encoding.ExecuteScalar() is not "UTF8")
            {
                throw new IOException(
                    "The archive's database must be created with ENCODING 'UTF8': names are of all scripts."
                );
            }
        }
        // Several servers may start at once: one of them makes the tables.
        writer.Run(
            $"""
            BEGIN;
            SELECT pg_advisory_xact_lock(4632145271);
            CREATE SCHEMA IF NOT EXISTS {Name};
            CREATE OR REPLACE FUNCTION {Name}.convert_to_utf8(text TEXT) RETURNS BYTEA LANGUAGE sql IMMUTABLE AS
                $f$ SELECT convert_to(text, 'UTF8') $f$;
            CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
            INSERT INTO facts (name, value) VALUES ('version', '0') ON CONFLICT DO NOTHING;
            """
        );
        var version = int.Parse(FactOf(writer, "version")!, CultureInfo.InvariantCulture);
        if (version > Versions.Length)
        {
            writer.Run("ROLLBACK");
            throw new IOException(
                $"The archive's index is of version {version}; this program knows up to {Versions.Length}. Use the newer program."
            );
        }
        for (; version < Versions.Length; version++)
        {
            writer.Run(Versions[version]);
        }
        writer.Run(
            "UPDATE facts SET value = $1 WHERE name = 'version'",
            version.ToString(CultureInfo.InvariantCulture)
        );
        writer.Run("COMMIT");
    }

    private static string? FactOf(DbConnection connection, string name)
    {
        using var command = connection.Command("SELECT value FROM facts WHERE name = $1", name);
        return command.ExecuteScalar() as string;
    }
}
