using System.Text;
using Fiducial.Dicom;
using Wasmtime;

namespace Fiducial.Archive.Codecs;

/// <summary>
/// One instance of the codecs: C code that reads what strangers send, in a WebAssembly sandbox with a limit of memory and of
/// time. Not for two threads at once. After an exception it is to be thrown away: its memory is in an unknown state.
/// </summary>
internal sealed class CodecSandbox : IDisposable
{
    private const long LargestMemory = 1L << 30;
    private const long MemoryWorthKeeping = 384L << 20;

    // Two million pixels a second is a fifth of what the slowest codec does.
    private const double SlowestPixelRate = 2_000_000;

    // Pixels for each byte of code: a blank picture has as many, a bomb has more.
    private const double LargestRatio = 2_000;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);

    private static readonly string[] Photometrics =
    [
        "MONOCHROME1",
        "MONOCHROME2",
        "PALETTE COLOR",
        "RGB",
        "YBR_FULL",
        "YBR_FULL_422",
        "YBR_PARTIAL_422",
        "YBR_PARTIAL_420",
        "YBR_ICT",
        "YBR_RCT",
    ];

    private readonly Store _store;
    private readonly Instance _instance;
    private readonly Memory _memory;
    private bool _endedEarly;

    public CodecSandbox(CodecModule codecs)
    {
        _store = new Store(codecs.Engine);
        _store.SetLimits(LargestMemory, 100_000, 1, 4, 1);
        _store.SetEpochDeadline(Ticks(LeastTime));
        _store.SetWasiConfiguration(new WasiConfiguration());
        using var linker = new Linker(codecs.Engine);
        linker.DefineWasi();
        linker.DefineFunction("env", "emscripten_notify_memory_growth", (int _) => { });
        linker.DefineFunction("env", "onCodecsInfo", (int at, int length) => Note(Text(at, length)));
        linker.DefineFunction("env", "onCodecsTrace", (int at, int length) => Note(Text(at, length)));
        linker.DefineFunction(
            "env",
            "onCodecsException",
            (int at, int length) => throw new CodecException(Text(at, length))
        );
        _instance = linker.Instantiate(_store, codecs.Module);
        _memory = _instance.GetMemory("memory") ?? throw new CodecException("The codecs export no memory.");
        _instance.GetAction("_initialize")?.Invoke();
    }

    /// <summary>False when it has grown so large that a new one is cheaper than keeping it.</summary>
    public bool IsWorthKeeping => _memory.GetLength() <= MemoryWorthKeeping;

    /// <summary>Decodes one frame to native samples, little endian.</summary>
    /// <param name="function">The decoder's export, such as <c>DecodeJpeg2000</c>.</param>
    /// <param name="encoded">The codestream.</param>
    /// <param name="image">The shape that the data set promises.</param>
    /// <returns>The samples, and the shape that they have.</returns>
    /// <exception cref="CodecException">The codestream is damaged, not of this codec, or takes too much time or memory.</exception>
    public (byte[] Samples, ImageDescription Image) Decode(
        string function,
        ReadOnlySpan<byte> encoded,
        ImageDescription image
    )
    {
        var pixels = Math.Min((double)image.Rows * image.Columns, encoded.Length * LargestRatio);
        _store.SetEpochDeadline(Ticks(LeastTime + TimeSpan.FromSeconds(pixels / SlowestPixelRate)));
        try
        {
            var context = Call("CreateCodecsContext");
            Set("SetColumns", context, image.Columns);
            Set("SetRows", context, image.Rows);
            Set("SetBitsAllocated", context, image.BitsAllocated);
            Set("SetBitsStored", context, image.BitsStored);
            Set("SetSamplesPerPixel", context, image.SamplesPerPixel);
            Set("SetPixelRepresentation", context, image.IsSigned ? 1 : 0);
            Set("SetPlanarConfiguration", context, 0);
            var photometric = Array.IndexOf(Photometrics, image.PhotometricInterpretation);
            Set("SetPhotometricInterpretation", context, photometric < 0 ? 1 : photometric);
            Set("SetEncodedBufferSize", context, encoded.Length);
            encoded.CopyTo(_memory.GetSpan(Call("GetEncodedBuffer", context), encoded.Length));
            var parameters = Call("CreateDecoderParameters");
            Set("SetConvertColorspaceToRgb", parameters, 0);
            _endedEarly = false;
            Set(function, context, parameters);
            if (_endedEarly)
            {
                throw new CodecException("The codestream ends before its image does.");
            }
            var length = Call("GetDecodedBufferSize", context);
            var decoded = _memory.GetSpan(Call("GetDecodedBuffer", context), length).ToArray();
            var shape = image with
            {
                IsPlanar = Call("GetPlanarConfiguration", context) == 1,
                BitsAllocated = Call("GetBitsAllocated", context),
                PhotometricInterpretation =
                    Call("GetPhotometricInterpretation", context) is var p && p >= 0 && p < Photometrics.Length
                        ? Photometrics[p]
                        : image.PhotometricInterpretation,
            };
            var (rows, columns) = (Call("GetRows", context), Call("GetColumns", context));
            Free("ReleaseDecoderParameters", parameters);
            Free("ReleaseCodecsContext", context);
            if (rows != image.Rows || columns != image.Columns)
            {
                throw new CodecException(
                    $"The codestream has {columns} x {rows} pixels, its header {image.Columns} x {image.Rows}."
                );
            }
            return (decoded, shape);
        }
        catch (Exception e) when (e is WasmtimeException or TrapException or ArgumentException or OverflowException)
        {
            throw new CodecException(Reason(e), e);
        }
    }

    public void Dispose() => _store.Dispose();

    private int Call(string function) => _instance.GetFunction<int>(function)!();

    private int Call(string function, int argument) => _instance.GetFunction<int, int>(function)!(argument);

    private void Set(string function, int first, int second) => _instance.GetFunction(function)!.Invoke(first, second);

    private void Free(string function, int argument) => _instance.GetFunction(function)!.Invoke(argument);

    // IJG's decoder fills what is missing with grey and only mentions it: such a picture is not that of the patient.
    private void Note(string text) => _endedEarly |= text.Contains("Premature end", StringComparison.OrdinalIgnoreCase);

    private string Text(int at, int length) => Encoding.UTF8.GetString(_memory.GetSpan(at, Math.Clamp(length, 0, 500)));

    private static ulong Ticks(TimeSpan time) => (ulong)Math.Ceiling(time / CodecModule.Tick);

    private static string Reason(Exception e) =>
        e switch
        {
            { InnerException: CodecException told } => $"The codestream cannot be decoded: {told.Message}",
            TrapException { Type: TrapCode.Interrupt } => "The codestream takes too long to decode.",
            TrapException trap => $"The codestream cannot be decoded: its decoder stopped ({trap.Type}).",
            _ => "The codestream cannot be decoded: its decoder failed.",
        };
}
