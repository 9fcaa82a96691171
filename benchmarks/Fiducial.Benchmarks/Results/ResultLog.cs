using System.Text.Json;

namespace Fiducial.Benchmarks.Results;

/// <summary><c>results.jsonl</c> of the work folder: every measurement of every run, in order.</summary>
internal sealed class ResultLog(string path)
{
    public bool Exists => File.Exists(path);

    public void Add(Line line) =>
        File.AppendAllText(path, JsonSerializer.Serialize(line, LineJson.Default.Line) + "\n");

    /// <summary>Of each stage, the newest run: stages may be run one by one.</summary>
    public (IReadOnlyList<StageBegin> Begins, IReadOnlyList<Row> Rows) Newest()
    {
        var lines = File.ReadLines(path).Select(l => JsonSerializer.Deserialize(l, LineJson.Default.Line)!).ToList();
        var begins = lines
            .Select(l => l.Begin)
            .OfType<StageBegin>()
            .GroupBy(b => b.Stage)
            .Select(g => g.Last())
            .ToList();
        var newest = begins.ToDictionary(b => b.Stage, b => b.Run);
        return (
            begins,
            [.. lines.Select(l => l.Row).OfType<Row>().Where(r => newest.GetValueOrDefault(r.Stage) == r.Run)]
        );
    }
}
