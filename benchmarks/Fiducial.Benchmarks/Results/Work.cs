namespace Fiducial.Benchmarks.Results;

/// <summary>How a speed is told.</summary>
internal enum Speed
{
    PerSecond,
    MegabytesPerSecond,
    Milliseconds,
}

/// <summary>What the server's CPU time is told for.</summary>
internal enum CpuPer
{
    Gigabyte,
    Each,
}

/// <summary>A line of the table.</summary>
internal sealed record Work(string Key, string Title, Speed Speed, CpuPer Cpu)
{
    /// <summary>What we want against Orthanc with SQLite: times as fast.</summary>
    public double? Goal { get; init; }

    /// <summary>What we want against Orthanc with SQLite: times its CPU.</summary>
    public double? CpuGoal { get; init; }
}

/// <summary>All lines, in the order of the table.</summary>
internal static class Works
{
    public static Work StoreCt1 { get; } =
        new("store-ct-1", "C-STORE CT 0.5 MB, storescu, 1 association", Speed.PerSecond, CpuPer.Gigabyte)
        {
            Goal = 4,
            CpuGoal = 0.25,
        };
    public static Work StoreCt4 { get; } =
        new("store-ct-4", "C-STORE CT, storescu, 4 associations", Speed.PerSecond, CpuPer.Gigabyte)
        {
            Goal = 6,
            CpuGoal = 0.25,
        };
    public static Work DcmsendCt { get; } =
        new("dcmsend-ct-1", "C-STORE CT, dcmsend, 1 association", Speed.PerSecond, CpuPer.Gigabyte);
    public static Work NagleCt { get; } =
        new("nagle-ct-1", "C-STORE CT, storescu as shipped (Nagle on)", Speed.PerSecond, CpuPer.Gigabyte) { Goal = 10 };
    public static Work StoreMr1 { get; } =
        new("store-mr-1", "C-STORE MR 0.13 MB, 1 association", Speed.PerSecond, CpuPer.Gigabyte);
    public static Work StoreMr4 { get; } =
        new("store-mr-4", "C-STORE MR, 4 associations", Speed.PerSecond, CpuPer.Gigabyte) { Goal = 3.5 };
    public static Work StoreDx1 { get; } =
        new("store-dx-1", "C-STORE DX 27 MB, 1 association", Speed.MegabytesPerSecond, CpuPer.Gigabyte) { Goal = 4 };
    public static Work StoreDx4 { get; } =
        new("store-dx-4", "C-STORE DX, 4 associations", Speed.MegabytesPerSecond, CpuPer.Gigabyte);
    public static Work StoreUs1 { get; } =
        new("store-us-1", "C-STORE US 0.9 MB, 1 association", Speed.PerSecond, CpuPer.Gigabyte);
    public static Work Stow { get; } =
        new("stow-ct", "STOW-RS, 200 CT (105 MB) in one request", Speed.MegabytesPerSecond, CpuPer.Gigabyte);
    public static Work Find { get; } =
        new("find", "C-FIND, studies of a patient", Speed.Milliseconds, CpuPer.Each) { Goal = 4 };
    public static Work Get { get; } =
        new("get", "C-GET, 200 CT (105 MB)", Speed.MegabytesPerSecond, CpuPer.Gigabyte) { Goal = 3 };
    public static Work Move { get; } =
        new("move", "C-MOVE, 200 CT (105 MB)", Speed.MegabytesPerSecond, CpuPer.Gigabyte);
    public static Work QidoPatient { get; } =
        new("qido-patient", "QIDO-RS by patient, 8 connections", Speed.PerSecond, CpuPer.Each) { Goal = 10 };
    public static Work QidoDate { get; } =
        new("qido-date", "QIDO-RS by date (20 found), 8 connections", Speed.PerSecond, CpuPer.Each) { Goal = 10 };
    public static Work QidoLimit { get; } =
        new("qido-limit", "QIDO-RS limit 50, 8 connections", Speed.PerSecond, CpuPer.Each) { Goal = 10 };
    public static Work QidoAlone { get; } =
        new("qido-alone", "QIDO-RS by patient, one request at a time", Speed.Milliseconds, CpuPer.Each);
    public static Work Metadata { get; } =
        new("metadata", "WADO-RS metadata of a 200-slice series", Speed.Milliseconds, CpuPer.Each) { Goal = 6 };
    public static Work WholeStudy { get; } =
        new("study", "WADO-RS study of 105 MB", Speed.Milliseconds, CpuPer.Each) { Goal = 1.2, CpuGoal = 0.7 };
    public static Work Frame { get; } =
        new("frame", "WADO-RS frame of 27 MB", Speed.Milliseconds, CpuPer.Each) { Goal = 4 };
    public static Work Rendered { get; } =
        new("rendered", "Rendered to 512 pixels from 13.6 megapixels", Speed.Milliseconds, CpuPer.Each) { Goal = 5 };
    public static Work FourLarge { get; } =
        new("memory-4-dx", "4 x 27 MB at once", Speed.MegabytesPerSecond, CpuPer.Gigabyte);
    public static Work HugeObject { get; } =
        new("memory-500-mb", "one object of 500 MB", Speed.MegabytesPerSecond, CpuPer.Gigabyte);

    /// <summary>Not a speed: what the disk holds after one round of <c>ingest</c>.</summary>
    public const string DiskKey = "disk";

    public static IReadOnlyList<Work> Storing { get; } =
    [StoreCt1, StoreCt4, DcmsendCt, NagleCt, StoreMr1, StoreMr4, StoreDx1, StoreDx4, StoreUs1, Stow];
    public static IReadOnlyList<Work> Serving { get; } =
    [Find, Get, Move, QidoPatient, QidoDate, QidoLimit, QidoAlone, Metadata, WholeStudy, Frame, Rendered];
    public static IReadOnlyList<Work> Memory { get; } = [FourLarge, HugeObject];
}
