using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Dicom;

namespace Fiducial.Fuzz;

/// <summary>An input that broke a promise, and how.</summary>
internal sealed record Fault(string Sentence, byte[] Input);

internal sealed record FuzzRun(
    string Target,
    long Executions,
    long Refused,
    TimeSpan Elapsed,
    IReadOnlyList<Fault> Faults
)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Target}: {Executions} executions ({Refused} refused) in {Elapsed.TotalSeconds:F1} s, {Faults.Count} faults"
        )
        + string.Concat(
            Faults.Select(f =>
                $"{Environment.NewLine}  {f.Sentence}{Environment.NewLine}  {Convert.ToBase64String(f.Input)}"
            )
        );
}

/// <summary>
/// Changes seeds at random, always the same way for the same number: bits, bytes, lengths, cuts, splices. A fault is an exception
/// that no reader may throw, an execution of more than two seconds, or an allocation that the input's length does not justify.
/// </summary>
internal sealed class MutationFuzzer(Target target, IReadOnlyList<byte[]> seeds, int seed)
{
    private const int MostFaults = 10;
    private const long AllocationPerByte = 2000;
    private const long AllocationAlways = 16 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly uint[] Lengths =
    [
        0,
        1,
        2,
        7,
        8,
        0xFF,
        0xFFFE,
        0xFFFF,
        0x10000,
        0x7FFFFFFE,
        0x7FFFFFFF,
        0x80000000,
        0xFFFFFFFE,
        0xFFFFFFFF,
        0xE000FFFE,
        0xE00DFFFE,
        0xE0DDFFFE,
    ];

    private readonly Random _random = new(seed);

    public FuzzRun Run(long executions, TimeSpan longest, Action<long>? progress = null)
    {
        var watch = Stopwatch.StartNew();
        var faults = new List<Fault>();
        long done = 0,
            refused = 0;
        foreach (var one in seeds)
        {
            Judge(one, faults, ref refused);
        }
        for (; done < executions && watch.Elapsed < longest && faults.Count < MostFaults; done++)
        {
            Judge(Mutated(), faults, ref refused);
            if (done % 100_000 == 99_999)
            {
                progress?.Invoke(done + 1);
            }
        }
        return new FuzzRun(target.Name, done, refused, watch.Elapsed, faults);
    }

    /// <summary>Null when the target kept its promises; else what it did.</summary>
    public static string? Try(Target target, byte[] input) => Try(target, input, out _);

    private void Judge(byte[] input, List<Fault> faults, ref long refused)
    {
        var sentence = Try(target, input, out var wasRefused);
        refused += wasRefused ? 1 : 0;
        if (sentence is not null && faults.TrueForAll(f => f.Sentence != sentence))
        {
            faults.Add(new Fault(sentence, input));
        }
    }

    private static string? Try(Target target, byte[] input, out bool wasRefused)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        wasRefused = false;
        try
        {
            target.Execute(input);
        }
        catch (Exception e) when (e is DicomFormatException or CodecException)
        {
            wasRefused = true;
        }
        catch (Exception e)
        {
            var place = e
                .StackTrace?.Split('\n')
                .FirstOrDefault(l => l.Contains("Fiducial", StringComparison.Ordinal))
                ?.Trim();
            return $"{e.GetType().Name}: {e.Message} {place}";
        }
        if (Stopwatch.GetElapsedTime(start) > Longest)
        {
            return $"It took more than {Longest.TotalSeconds} s.";
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated > AllocationAlways + AllocationPerByte * input.Length
            ? "It allocated more than the input's length justifies."
            : null;
    }

    private byte[] Mutated()
    {
        var bytes = (byte[])seeds[_random.Next(seeds.Count)].Clone();
        for (var i = _random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
        {
            bytes = Mutated(bytes);
        }
        return bytes;
    }

    private byte[] Mutated(byte[] bytes)
    {
        var at = _random.Next(bytes.Length);
        switch (_random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2 when bytes.Length >= 4:
                at = Math.Min(at, bytes.Length - 4);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Lengths[_random.Next(Lengths.Length)]);
                return bytes;
            case 3 when bytes.Length >= 2:
                at = Math.Min(at, bytes.Length - 2);
                BinaryPrimitives.WriteUInt16LittleEndian(
                    bytes.AsSpan(at),
                    (ushort)Lengths[_random.Next(Lengths.Length)]
                );
                return bytes;
            case 4:
                return bytes[..at];
            case 5:
                // A piece of this one again, which makes sequences nest and tags repeat.
                var length = _random.Next(Math.Min(64, bytes.Length - at)) + 1;
                return [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
            case 6:
                var other = seeds[_random.Next(seeds.Count)];
                return [.. bytes[..at], .. other[Math.Min(other.Length, at)..]];
            default:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + _random.Next(1, 9))..]];
        }
    }
}
