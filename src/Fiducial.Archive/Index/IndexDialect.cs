namespace Fiducial.Archive.Index;

/// <summary>Where the SQL of the two databases differs.</summary>
internal abstract class IndexDialect
{
    /// <summary>In SQL: (name, what was asked for) is true when they are alike.</summary>
    public const string FuzzyFunction = "fiducial_is_like";

    public static IndexDialect Sqlite { get; } = new InSqlite();
    public static IndexDialect Postgres { get; } = new InPostgres();

    /// <summary>Begins a transaction that no other writer can be inside of.</summary>
    public abstract string Begin { get; }

    /// <summary>What two rows of one patient have in common: the target of a conflict.</summary>
    public abstract string SamePatient { get; }

    /// <summary>True for a text that matches a pattern; upper and lower case differ.</summary>
    public abstract string Matches(string column, string parameter);

    /// <summary>The pattern with which <see cref="Matches"/> does what <c>*</c> and <c>?</c> mean in DICOM (PS3.4 C.2.2.2.4).</summary>
    public abstract string Pattern(string wildcards);

    /// <summary>All different values with commas between; null when there is none.</summary>
    public abstract string Listed(string column);

    /// <summary>A text as the database can hold it.</summary>
    public abstract object? Value(object? value);

    private sealed class InSqlite : IndexDialect
    {
        public override string Begin => "BEGIN IMMEDIATE";
        public override string SamePatient => "patient_id, issuer, name, birth_date, sex";

        public override string Matches(string column, string parameter) => $"{column} GLOB {parameter}";

        // GLOB knows * and ? as DICOM does; its brackets are taken literally.
        public override string Pattern(string wildcards) => wildcards.Replace("[", "[[]", StringComparison.Ordinal);

        public override string Listed(string column) => $"group_concat(DISTINCT {column})";

        public override object? Value(object? value) => value;
    }

    private sealed class InPostgres : IndexDialect
    {
        // The lock makes positions grow in the order of commit, however many servers write. The number is ours alone in this database.
        public override string Begin => "BEGIN; SELECT pg_advisory_xact_lock(4632145270)";
        public override string SamePatient => "digest";

        public override string Matches(string column, string parameter) => $"{column} LIKE {parameter}";

        public override string Pattern(string wildcards) =>
            wildcards
                .Replace(@"\", @"\\", StringComparison.Ordinal)
                .Replace("%", @"\%", StringComparison.Ordinal)
                .Replace("_", @"\_", StringComparison.Ordinal)
                .Replace('*', '%')
                .Replace('?', '_');

        public override string Listed(string column) => $"string_agg(DISTINCT {column}, ',')";

        // PostgreSQL holds no NUL in a text, and some devices send one.
        public override object? Value(object? value) => value is string text ? text.Replace('\0', '\uFFFD') : value;
    }
}
