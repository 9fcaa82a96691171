using Fiducial.Fuzz;
using SharpFuzz;

// Without words: the bounded run of ./test. "fuzz TARGET EXECUTIONS [SEED]": a longer one. "replay TARGET FILE": one input that
// was found. "libfuzzer TARGET": for libFuzzer, after `sharpfuzz Fiducial.Dicom.dll` has instrumented the library.
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
    case ["libfuzzer", var name]:
        var instrumented = Targets.Named(name);
        Fuzzer.LibFuzzer.Run(span => instrumented.Execute(span.ToArray()));
        return 0;
    case ["fuzz" or "replay" or "libfuzzer", ..]:
        Console.Error.WriteLine($"targets: {string.Join(' ', Targets.All.Select(t => t.Name))}");
        return 2;
    default:
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
