using Fiducial.Archive.Codecs;
using Fiducial.Dicom;
using Fiducial.Fuzz;
using SharpFuzz;

// Without words: the bounded run of ./test. "fuzz TARGET EXECUTIONS [SEED]": a longer one. "replay TARGET FILE": one input that was found.
// "seeds TARGET FOLDER": its seeds as files. "afl TARGET": under afl-fuzz, after `sharpfuzz` has instrumented the libraries (CONTRIBUTING.md).
switch (args)
{
    case ["fuzz", var name, var executions, .. var rest]:
        var target = Targets.Named(name);
        var seed = rest is [var number] ? int.Parse(number) : 1;
        var fuzzer = new MutationFuzzer(target, Seeds.For(target), seed);
        var run = fuzzer.Run(
            long.Parse(executions),
            TimeSpan.MaxValue,
            done => Console.Error.WriteLine($"{name}: {done}")
        );
        Console.WriteLine(run);
        return run.Faults.Count == 0 ? 0 : 1;
    case ["replay", var name, var path]:
        Console.WriteLine(MutationFuzzer.Try(Targets.Named(name), File.ReadAllBytes(path)) ?? "no fault");
        return 0;
    case ["seeds", var name, var folder]:
        Directory.CreateDirectory(folder);
        foreach (var (place, bytes) in Seeds.For(Targets.Named(name)).Index())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{place:D4}"), bytes);
        }
        return 0;
    case ["afl", var name]:
        // Nothing of an instrumented library may run before there is a place for its traces.
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            try
            {
                Targets.Named(name).Execute(input.ToArray());
            }
            catch (Exception e) when (e is DicomFormatException or CodecException)
            {
                // Refused, as it may be.
            }
        });
        return 0;
    case ["fuzz" or "replay" or "seeds" or "afl", ..]:
        Console.Error.WriteLine($"targets: {string.Join(' ', Targets.All.Select(t => t.Name))}");
        return 2;
    default:
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
