namespace Fiducial.Benchmarks.Peers;

/// <summary>What the table calls each server.</summary>
internal static class Names
{
    public const string Fiducial = "Fiducial";
    public const string OrthancSqlite = "Orthanc, SQLite";
    public const string OrthancPostgres = "Orthanc, PostgreSQL";
    public const string Storescp = "storescp";
    public const string Dcmqrscp = "dcmqrscp";

    public static IReadOnlyList<string> All { get; } = [Fiducial, OrthancSqlite, OrthancPostgres, Storescp, Dcmqrscp];
}
