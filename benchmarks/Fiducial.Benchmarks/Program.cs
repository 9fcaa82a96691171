using System.CommandLine;
using Fiducial.Benchmarks;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Stages;

// The words after benchmarks/run. Exit codes: 0 done, 1 a stage broke down, 2 the command line was not understood.
var stages = new Dictionary<string, Func<Bench, Task>>(StringComparer.Ordinal)
{
    ["ingest"] = IngestStage.RunAsync,
    ["nagle"] = NagleStage.RunAsync,
    ["memory"] = MemoryStage.RunAsync,
    ["stow"] = StowStage.RunAsync,
    ["serve"] = ServeStage.RunAsync,
    ["growth"] = GrowthStage.RunAsync,
};
var repository = new Option<string>("--repository") { Hidden = true, Required = true };
var quick = new Option<bool>("--quick")
{
    Description = "Two repeats, small indexes: shows that everything works; its numbers are no result",
};
var work = new Option<string>("--work")
{
    HelpName = "DIR",
    Description = "Where servers store and where the raw rows go, on the disk to be measured",
    DefaultValueFactory = _ => "/var/tmp/fiducial-benchmarks",
};
var docs = new Option<string?>("--docs")
{
    HelpName = "FILE",
    Description = "Where the table goes [default: docs/benchmarks.md; with --quick: benchmarks.md in the work folder]",
};
var note = new Option<string?>("--note")
{
    HelpName = "TEXT",
    Description = "Stands above the table, such as what else ran on the machine",
};
var chosen = new Argument<string[]>("stages")
{
    Description =
        $"{string.Join(", ", stages.Keys)} [default: all, in this order]; or report, which only writes the table again; or clean, which deletes what earlier runs stored",
    Arity = ArgumentArity.ZeroOrMore,
};
chosen.AcceptOnlyFromAmong([.. stages.Keys, "report", "clean"]);
var root = new RootCommand("Measures fiducial archive side by side with Orthanc and DCMTK.")
{
    repository,
    quick,
    work,
    docs,
    note,
    chosen,
};
root.SetAction(async parsed =>
{
    var names = parsed.GetValue(chosen) is { Length: > 0 } some ? some : [.. stages.Keys];
    var options = new BenchOptions
    {
        Repository = parsed.GetRequiredValue(repository),
        Work = Path.GetFullPath(parsed.GetRequiredValue(work)),
        Command = string.Join(
            ' ',
            ["benchmarks/run", .. parsed.GetValue(quick) ? ["--quick"] : (string[])[], .. names]
        ),
        Quick = parsed.GetValue(quick),
        Note = parsed.GetValue(note),
    };
    if ($"{options.Work}/".StartsWith($"{options.Repository}/", StringComparison.Ordinal))
    {
        Console.Error.WriteLine("benchmarks: --work wants a folder outside the repository.");
        return 2;
    }
    Directory.CreateDirectory(options.Work);
    if (names.Contains("clean"))
    {
        return Clean(options.Work, names.Length);
    }
    var log = new ResultLog(Path.Combine(options.Work, "results.jsonl"));
    var bench = new Bench(options, log, TimeProvider.System);
    var brokenDown = 0;
    foreach (var name in names.Where(stages.ContainsKey))
    {
        await bench.BeginAsync(name);
        try
        {
            await stages[name](bench);
        }
        catch (InvalidOperationException e)
        {
            // A server that does not start, or takes no load: the other stages may still be had.
            Console.Error.WriteLine($"benchmarks: {name}: {e.Message}");
            brokenDown = 1;
        }
    }
    if (!log.Exists)
    {
        Console.Error.WriteLine($"benchmarks: nothing was measured in {options.Work} yet.");
        return 1;
    }
    var (begins, rows) = log.Newest();
    var file =
        parsed.GetValue(docs)
        ?? Path.Combine(options.Quick ? options.Work : Path.Combine(options.Repository, "docs"), "benchmarks.md");
    GeneratedPart.Write(file, Report.Of(begins, rows));
    Console.WriteLine($"{file}: the table; {options.Work}/results.jsonl: every measurement");
    return brokenDown;
});
return await root.Parse(args).InvokeAsync();

// Apart from every measurement: deleting thousands of files slows down ext4 for minutes.
static int Clean(string work, int named)
{
    if (named > 1)
    {
        Console.Error.WriteLine("benchmarks: clean stands alone, and best long before the next run.");
        return 2;
    }
    if (Path.Combine(work, "runs") is var runs && Directory.Exists(runs))
    {
        Directory.Delete(runs, recursive: true);
    }
    return 0;
}
