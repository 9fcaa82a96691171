using System.Globalization;
using System.Text;
using Fiducial.Benchmarks.Peers;

namespace Fiducial.Benchmarks.Results;

/// <summary>The tables, in Markdown: medians, and the median of the ratios between neighbours of the same repeat.</summary>
internal static class Report
{
    private const string Nothing = "–";

    public static string Of(IReadOnlyList<StageBegin> begins, IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        AppendOrigin(text, begins);
        var now = rows.Where(r => r.Level is null).ToList();
        AppendSpeeds(text, "Storing", Works.Storing, now);
        AppendSpeeds(text, "Finding and serving", Works.Serving, now);
        AppendCpu(text, [.. Works.Storing, .. Works.Serving], now);
        AppendMemory(text, now);
        AppendDisk(text, now);
        AppendGrowth(text, [.. rows.Where(r => r.Level is not null)]);
        return text.ToString();
    }

    private static void AppendOrigin(StringBuilder text, IReadOnlyList<StageBegin> begins)
    {
        if (begins.Count == 0)
        {
            return;
        }
        var last = begins[^1];
        text.AppendLine(CultureInfo.InvariantCulture, $"{last.Machine}.\n");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{string.Join("; ", begins.SelectMany(b => b.Versions).Distinct())}.\n"
        );
        Table(
            text,
            ["stage", "begun (UTC)", "load average", "repeats", "commit", "command", "note"],
            begins.Select(b =>
                (string[])
                    [
                        b.Stage,
                        b.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                        b.Load.ToString("0.0", CultureInfo.InvariantCulture),
                        b.Repeats.ToString(CultureInfo.InvariantCulture),
                        b.Commit,
                        $"`{b.Command}`",
                        b.Note ?? "",
                    ]
            )
        );
    }

    private static void AppendSpeeds(StringBuilder text, string title, IReadOnlyList<Work> works, List<Row> rows) =>
        AppendComparison(
            text,
            title,
            works,
            rows,
            "times as fast as Orthanc, SQLite",
            (work, row) => row.SpeedAs(work.Speed),
            (work, value) => Format.Speed(value, work.Speed),
            (work, ours, theirs) => work.Speed is Speed.Milliseconds ? theirs / ours : ours / theirs,
            work => work.Goal is { } goal ? $"≥ {Format.Times(goal)}" : ""
        );

    private static void AppendCpu(StringBuilder text, IReadOnlyList<Work> works, List<Row> rows) =>
        AppendComparison(
            text,
            "CPU time of the server, until it is idle again",
            works,
            rows,
            "of Orthanc, SQLite",
            (work, row) => row.CpuAs(work.Cpu),
            (work, value) => Format.Cpu(value, work.Cpu),
            (_, ours, theirs) => ours / theirs,
            work => work.CpuGoal is { } goal ? $"≤ {Format.Times(goal)}" : ""
        );

    private static void AppendComparison(
        StringBuilder text,
        string title,
        IReadOnlyList<Work> works,
        List<Row> rows,
        string ratioTitle,
        Func<Work, Row, double> value,
        Func<Work, double, string> show,
        Func<Work, double, double, double> ratio,
        Func<Work, string> goal
    )
    {
        var measured = works.Where(w => rows.Exists(r => r.Work == w.Key)).ToList();
        if (measured.Count == 0)
        {
            return;
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"### {title}\n");
        Table(
            text,
            ["work", .. Names.All, ratioTitle, "goal"],
            measured.Select(work =>
            {
                var of = rows.Where(r => r.Work == work.Key).ToList();
                var ratios = Neighbours(of, Names.Fiducial, Names.OrthancSqlite)
                    .Select(n => ratio(work, value(work, n.Ours), value(work, n.Theirs)))
                    .Where(double.IsFinite)
                    .ToList();
                return (string[])
                    [
                        work.Title,
                        .. Names.All.Select(name => Cell(of, name, r => value(work, r), v => show(work, v))),
                        ratios.Count > 0 ? $"**{Format.Times(Format.Median(ratios))}**" : Nothing,
                        goal(work),
                    ];
            })
        );
    }

    private static void AppendMemory(StringBuilder text, List<Row> rows)
    {
        var measured = Works.Memory.Where(w => rows.Exists(r => r.Work == w.Key)).ToList();
        if (measured.Count == 0)
        {
            return;
        }
        string[] names = [Names.Fiducial, Names.OrthancSqlite, Names.Storescp];
        text.AppendLine("### Peak memory (resident) of a server that has just started\n");
        Table(
            text,
            ["work", .. names, "goal"],
            measured.Select(work =>
                (string[])
                    [
                        work.Title,
                        .. names.Select(n =>
                            Cell([.. rows.Where(r => r.Work == work.Key)], n, r => r.PeakBytes, Format.Megabytes)
                        ),
                        "≤ 250 MB",
                    ]
            )
        );
    }

    private static void AppendDisk(StringBuilder text, List<Row> rows)
    {
        var of = rows.Where(r => r.Work == Works.DiskKey).ToList();
        if (of.Count == 0)
        {
            return;
        }
        text.AppendLine("### Disk taken for each byte stored, index and all\n");
        Table(
            text,
            Names.All,
            [
                [
                    .. Names.All.Select(n =>
                        Cell(
                            of,
                            n,
                            r => (double)r.DiskBytes / r.Bytes,
                            v => v.ToString("0.000", CultureInfo.InvariantCulture)
                        )
                    ),
                ],
            ]
        );
    }

    private static void AppendGrowth(StringBuilder text, List<Row> rows)
    {
        var levels = rows.Select(r => r.Level!.Value).Distinct().Order().ToList();
        if (levels.Count < 2)
        {
            return;
        }
        var (least, most) = (levels[0], levels[^1]);
        text.AppendLine("### As the index grows (instances that it holds)\n");
        string[] peers = [Names.Fiducial, Names.OrthancSqlite];
        Table(
            text,
            [
                "work",
                .. peers.SelectMany(p =>
                    levels.Select(l => $"{p}, {Count(l)}").Append($"cost, {Count(most)} : {Count(least)}")
                ),
                $"times as fast as Orthanc at {Count(most)}",
            ],
            Works
                .Storing.Concat(Works.Serving)
                .Where(w => rows.Exists(r => r.Work == w.Key))
                .Select(work =>
                {
                    var of = rows.Where(r => r.Work == work.Key).ToList();
                    var ratios = Neighbours([.. of.Where(r => r.Level == most)], Names.Fiducial, Names.OrthancSqlite)
                        .Select(n => Cost(work, n.Theirs) / Cost(work, n.Ours))
                        .ToList();
                    return (string[])
                        [
                            work.Title,
                            .. peers.SelectMany(p =>
                                levels
                                    .Select(l =>
                                        Cell(
                                            [.. of.Where(r => r.Level == l)],
                                            p,
                                            r => r.SpeedAs(work.Speed),
                                            v => Format.Speed(v, work.Speed)
                                        )
                                    )
                                    .Append(Growth(work, [.. of.Where(r => r.Peer == p && r.IsDone)], least, most))
                            ),
                            ratios.Count > 0 ? $"**{Format.Times(Format.Median(ratios))}**" : Nothing,
                        ];
                })
        );
    }

    private static string Growth(Work work, List<Row> of, int least, int most)
    {
        var (before, after) = (of.Where(r => r.Level == least).ToList(), of.Where(r => r.Level == most).ToList());
        return before.Count == 0 || after.Count == 0
            ? Nothing
            : Format.Times(
                Format.Median(after.Select(r => Cost(work, r))) / Format.Median(before.Select(r => Cost(work, r)))
            );
    }

    // Time for each, whatever the speed is told in.
    private static double Cost(Work work, Row row) =>
        work.Speed is Speed.Milliseconds ? row.SpeedAs(work.Speed) : 1 / row.SpeedAs(work.Speed);

    // Where one repeat failed there is no speed, so no ratio either.
    private static IEnumerable<(Row Ours, Row Theirs)> Neighbours(List<Row> rows, string ours, string theirs) =>
        rows.Exists(r => !r.IsDone && (r.Peer == ours || r.Peer == theirs))
            ? []
            : rows.Where(r => r.Peer == ours)
                .Join(rows.Where(r => r.Peer == theirs), r => r.Repeat, r => r.Repeat, (a, b) => (a, b));

    private static string Cell(List<Row> rows, string peer, Func<Row, double> value, Func<double, string> show)
    {
        var of = rows.Where(r => r.Peer == peer).ToList();
        var done = of.Where(r => r.IsDone).ToList();
        if (of.Count == 0)
        {
            return Nothing;
        }
        // A speed of which one repeat failed is no speed.
        return done.Count == of.Count ? show(Format.Median(done.Select(value))) : of.First(r => !r.IsDone).Outcome;
    }

    private static string Count(int instances) => instances >= 1000 ? $"{instances / 1000} thousand" : $"{instances}";

    private static void Table(StringBuilder text, IEnumerable<string> head, IEnumerable<string[]> rows)
    {
        var cells = head.ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|{string.Concat(cells.Select(_ => " --- |"))}");
        foreach (var row in rows)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {string.Join(" | ", row.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |"
            );
        }
        text.AppendLine();
    }
}
