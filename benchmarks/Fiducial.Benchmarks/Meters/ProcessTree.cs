using System.Globalization;

namespace Fiducial.Benchmarks.Meters;

/// <summary>What a server and its descendants used, from /proc (proc(5)).</summary>
/// <param name="CpuSeconds">User and system time, with that of children that ended and were waited for; in steps of 0.01 s.</param>
/// <param name="PeakBytes">VmHWM, summed over the processes that live.</param>
internal readonly record struct ProcessUse(double CpuSeconds, long PeakBytes)
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double Tick = 0.01;

    public static ProcessUse Of(IReadOnlyList<int> roots)
    {
        var (cpu, peak) = (0L, 0L);
        foreach (var id in Tree(roots))
        {
            if (Stat(id) is { } stat)
            {
                cpu += stat.Ticks;
                peak += Peak(id);
            }
        }
        return new ProcessUse(cpu * Tick, peak);
    }

    private static HashSet<int> Tree(IReadOnlyList<int> roots)
    {
        var children = new List<(int Parent, int Id)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Stat(id) is { } stat
            )
            {
                children.Add((stat.Parent, id));
            }
        }
        var tree = new HashSet<int>();
        var todo = new Stack<int>(roots);
        while (todo.TryPop(out var id))
        {
            if (tree.Add(id))
            {
                children.Where(c => c.Parent == id).ToList().ForEach(c => todo.Push(c.Id));
            }
        }
        return tree;
    }

    private static (int Parent, long Ticks)? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name, in parentheses, may hold spaces: fields are counted after it. They are state, ppid, ..., utime, stime, cutime, cstime.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[1]), fields[11..15].Sum(f => (long)Number(f)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : Number(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024L;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static int Number(string text) => int.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
