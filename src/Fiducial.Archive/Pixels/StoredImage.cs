using Fiducial.Archive.Codecs;
using Fiducial.Dicom;
using Microsoft.Win32.SafeHandles;

namespace Fiducial.Archive.Pixels;

/// <summary>The samples of one frame, native and little endian, and the shape that they have.</summary>
public sealed record FramePixels(ReadOnlyMemory<byte> Samples, ImageDescription Image);

/// <summary>An object of the archive, opened: its data set, and its frames as they are stored or decoded.</summary>
public sealed class StoredImage : IDisposable
{
    private readonly Stream _part10;

    // Null when it is no file of this machine.
    private readonly SafeFileHandle? _handle;
    private readonly CodecPool _codecs;
    private IReadOnlyList<IReadOnlyList<ValueLocation>>? _frames;

    private StoredImage(DicomFile file, Stream part10, CodecPool codecs)
    {
        (File, _part10, _codecs) = (file, part10, codecs);
        _handle = (part10 as FileStream)?.SafeFileHandle;
        try
        {
            Image = ImageDescription.Of(file.DataSet);
        }
        catch (DicomFormatException e)
        {
            Contradiction = e.Message;
        }
    }

    public DicomFile File { get; }

    /// <summary>The shape of its frames; null when it is no image.</summary>
    public ImageDescription? Image { get; }

    /// <summary>Why its attributes describe no image although they try to; null when they do not contradict each other.</summary>
    public string? Contradiction { get; }

    public int NumberOfFrames => Image is null || File.PixelData is null ? 0 : Image.NumberOfFrames;

    public bool IsEncapsulated => File.PixelData is { IsEncapsulated: true };

    /// <summary>True when its frames are native or of a codec that is known here. A damaged frame fails all the same.</summary>
    public bool CanDecode => NumberOfFrames > 0 && (!IsEncapsulated || FrameDecoder.Knows(File.TransferSyntax));

    /// <exception cref="DicomFormatException">The data set cannot be read.</exception>
    /// <param name="part10">Seekable; it belongs to the image from now on.</param>
    internal static StoredImage Open(Stream part10, CodecPool codecs)
    {
        try
        {
            var file = DicomFile.Read(part10, new DicomReadOptions { LargestValueLoaded = 256 * 1024 });
            return new StoredImage(file, part10, codecs);
        }
        catch
        {
            part10.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a frame as they are stored: a codestream, or native samples.</summary>
    /// <param name="frame">Counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="DicomFormatException">Its bytes are not all there.</exception>
    public ReadOnlyMemory<byte> StoredFrame(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, NumberOfFrames);
        return IsEncapsulated ? Codestream(frame) : NativeFrame(frame);
    }

    /// <summary>The samples of a frame.</summary>
    /// <param name="frame">Counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="DicomFormatException">Its bytes are not all there.</exception>
    /// <exception cref="CodecException">It cannot be decoded.</exception>
    public FramePixels DecodeFrame(int frame)
    {
        var stored = StoredFrame(frame);
        if (!IsEncapsulated)
        {
            return new FramePixels(stored, Image!);
        }
        var (samples, image) = FrameDecoder.Decode(File.TransferSyntax, stored.Span, Image!, _codecs);
        return new FramePixels(samples, image);
    }

    /// <summary>Where a stored frame stands in the file, when it stands there in one piece and in little endian; else null.</summary>
    /// <param name="frame">Counted from 0.</param>
    internal ValueLocation? Locate(int frame)
    {
        if (_handle is null || File.Inflated is not null || frame < 0 || frame >= NumberOfFrames)
        {
            return null;
        }
        if (IsEncapsulated)
        {
            return FragmentsOf(frame) is [var only] ? only : null;
        }
        var image = Image!;
        var isPlain = image.BitsAllocated >= 8 && !File.TransferSyntax.IsBigEndian;
        return isPlain && File.PixelData!.Native is { } native && (frame + 1) * image.FrameLength <= native.Length
            ? new ValueLocation(native.Offset + frame * image.FrameLength, image.FrameLength)
            : null;
    }

    /// <summary>Reads a value that was left in the file, little endian.</summary>
    /// <exception cref="DicomFormatException">Its bytes are not all there.</exception>
    public byte[] ReadValue(DicomElement element)
    {
        var location = element.Location ?? throw new ArgumentException("The value was loaded.", nameof(element));
        var value = GC.AllocateUninitializedArray<byte>(checked((int)location.Length));
        Read(location.Offset, value);
        var unit = File.TransferSyntax.IsBigEndian ? DicomVRs.UnitOf(element.VR) : 1;
        for (var at = 0; unit > 1 && at + unit <= value.Length; at += unit)
        {
            value.AsSpan(at, unit).Reverse();
        }
        return value;
    }

    /// <summary>The file, for sending ranges of it.</summary>
    internal SafeFileHandle Handle => _handle!;

    public void Dispose() => _part10.Dispose();

    /// <summary>Reads native samples of a frame from a byte offset on, little endian; for images that are read in bands.</summary>
    internal void ReadNative(int frame, long offset, Span<byte> samples)
    {
        var at = frame * Image!.FrameLength + offset;
        var pixels = File.PixelData!;
        var length = NativeLength;
        RequireNative(frame, at + samples.Length);
        if (pixels.Native is not { } native)
        {
            pixels.Loaded.Span.Slice((int)at, samples.Length).CopyTo(samples);
            return;
        }
        var isSwapped = File.TransferSyntax.IsBigEndian && File.DataSet.Find(DicomTags.PixelData)!.VR is DicomVR.OW;
        if (!isSwapped)
        {
            Read(native.Offset + at, samples);
            return;
        }
        // Words of 16 bits, also when samples have 8 (PS3.5 annex D): an odd place stands in the middle of one.
        var first = at & ~1L;
        var words = new byte[Math.Min((at + samples.Length + 1) & ~1L, length) - first];
        Read(native.Offset + first, words);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            (words[i], words[i + 1]) = (words[i + 1], words[i]);
        }
        words.AsSpan((int)(at - first), samples.Length).CopyTo(samples);
    }

    private long NativeLength => File.PixelData!.Native?.Length ?? File.PixelData.Loaded.Length;

    // Before memory is taken for it: two numbers in a header claim gigabytes.
    private void RequireNative(int frame, long end)
    {
        if (end > NativeLength)
        {
            throw new DicomFormatException($"The pixel data end before frame {frame + 1} does.", NativeLength);
        }
    }

    private byte[] NativeFrame(int frame)
    {
        var image = Image!;
        if (image.BitsAllocated == 1)
        {
            return PackedBits(frame, image);
        }
        if (image.FrameLength > Array.MaxLength)
        {
            throw new DicomFormatException($"A frame of {image.FrameLength} bytes is too large to be given whole.", 0);
        }
        RequireNative(frame, (frame + 1) * image.FrameLength);
        var samples = GC.AllocateUninitializedArray<byte>((int)image.FrameLength);
        ReadNative(frame, 0, samples);
        return samples;
    }

    // Frames of single bits follow each other without padding (PS3.5 8.1.1): they may begin within a byte.
    private byte[] PackedBits(int frame, ImageDescription image)
    {
        var bits = (long)image.Rows * image.Columns * image.SamplesPerPixel;
        var (first, shift) = Math.DivRem(frame * bits, 8);
        RequireNative(frame, first + (shift + bits + 7) / 8);
        var bytes = new byte[(shift + bits + 7) / 8];
        ReadNative(0, first, bytes);
        var packed = new byte[(bits + 7) / 8];
        for (var i = 0; i < packed.Length; i++)
        {
            var next = i + 1 < bytes.Length ? bytes[i + 1] : 0;
            packed[i] = (byte)((bytes[i] | (next << 8)) >> (int)shift);
        }
        return packed;
    }

    private byte[] Codestream(int frame)
    {
        var fragments = FragmentsOf(frame);
        var code = GC.AllocateUninitializedArray<byte>(checked((int)fragments.Sum(f => f.Length)));
        var at = 0;
        foreach (var fragment in fragments)
        {
            Read(fragment.Offset, code.AsSpan(at, (int)fragment.Length));
            at += (int)fragment.Length;
        }
        return code;
    }

    private IReadOnlyList<ValueLocation> FragmentsOf(int frame)
    {
        _frames ??= File.PixelData!.Frames(Image!.NumberOfFrames, StartsCodestream);
        return _frames[frame];
    }

    // JPEG and JPEG-LS begin with SOI, JPEG 2000 with SOC and SIZ, JPEG XL with FF0A, JP2 and JXL files with their signature box.
    private bool StartsCodestream(ValueLocation fragment)
    {
        Span<byte> head = stackalloc byte[4];
        if (fragment.Length < 4)
        {
            return false;
        }
        Read(fragment.Offset, head);
        return head is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51] or [0xFF, 0x0A, ..] or [0, 0, 0, 0x0C];
    }

    private void Read(long offset, Span<byte> place)
    {
        if (File.Inflated is { } inflated)
        {
            inflated.AsSpan(checked((int)offset), place.Length).CopyTo(place);
            return;
        }
        while (!place.IsEmpty)
        {
            var read = ReadSome(place, offset);
            if (read == 0)
            {
                throw new DicomFormatException("The file ends within its pixel data.", offset);
            }
            place = place[read..];
            offset += read;
        }
    }

    private int ReadSome(Span<byte> place, long offset)
    {
        if (_handle is not null)
        {
            return RandomAccess.Read(_handle, place, offset);
        }
        // One range of the object storage for a whole frame.
        lock (_part10)
        {
            _part10.Position = offset;
            return _part10.Read(place);
        }
    }
}
