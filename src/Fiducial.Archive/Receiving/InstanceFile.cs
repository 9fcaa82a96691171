using System.Buffers;
using System.Security.Cryptography;
using Fiducial.Archive.Files;
using Microsoft.Win32.SafeHandles;

namespace Fiducial.Archive.Receiving;

/// <summary>
/// A Part 10 file that grows at its final place while an object arrives: hashed as it passes, its head kept for the index.
/// Until it is indexed nobody sees it; disposed before it is kept, it is deleted.
/// </summary>
internal sealed class InstanceFile : IDisposable
{
    private const int BufferLength = 128 * 1024;
    private const int HeadLength = 32 * 1024;
    private const int WrittenEarly = 1024 * 1024;

    private readonly ArchiveFolder _folder;
    private readonly SafeFileHandle _handle;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly byte[] _head = ArrayPool<byte>.Shared.Rent(HeadLength);
    private readonly Func<byte[]> _meta;
    private int _buffered;
    private int _inHead;
    private long _written;
    private long _begun;
    private bool _isKept;

    /// <param name="folder">Of the archive.</param>
    /// <param name="name">A new name of that folder.</param>
    /// <param name="meta">Gives preamble, DICM and group 0002; asked once, when the head is there or the object complete.</param>
    public InstanceFile(ArchiveFolder folder, string name, Func<byte[]> meta)
    {
        (_folder, _meta) = (folder, meta);
        Name = name;
        _handle = File.OpenHandle(folder.PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    public string Name { get; }
    public long DataSetOffset { get; private set; }

    /// <summary>Bytes of the data set so far.</summary>
    public long Length { get; private set; }

    /// <summary>The first bytes of the data set, as many as were kept.</summary>
    public ReadOnlyMemory<byte> Head => _head.AsMemory(0, _inHead);

    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
        if (_inHead < HeadLength)
        {
            var part = bytes[..Math.Min(bytes.Length, HeadLength - _inHead)];
            part.CopyTo(_head.AsSpan(_inHead));
            _inHead += part.Length;
        }
        while (!bytes.IsEmpty)
        {
            if (_buffered == 0 && bytes.Length >= BufferLength)
            {
                Write(bytes);
                return;
            }
            var part = bytes[..Math.Min(bytes.Length, BufferLength - _buffered)];
            part.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += part.Length;
            bytes = bytes[part.Length..];
            if (_buffered == BufferLength)
            {
                WriteBuffer();
            }
        }
    }

    /// <summary>All bytes have come: the disk begins to write the last of them.</summary>
    public void End()
    {
        WriteBuffer();
        BeginToWrite();
    }

    /// <summary>After the end: all bytes are on the disk when this returns.</summary>
    /// <returns>SHA-256 of the data set.</returns>
    public byte[] Finish()
    {
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
        return _hash.GetHashAndReset();
    }

    /// <summary>The file belongs to the index or to the quarantine now.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        _handle.Dispose();
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<byte>.Shared.Return(_head);
        if (!_isKept)
        {
            File.Delete(_folder.PathOf(Name));
        }
    }

    private void WriteBuffer()
    {
        if (_buffered > 0 || DataSetOffset == 0)
        {
            Write(_buffer.AsSpan(0, _buffered));
            _buffered = 0;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (DataSetOffset == 0)
        {
            var meta = _meta();
            RandomAccess.Write(_handle, meta, 0);
            _written = DataSetOffset = meta.Length;
        }
        RandomAccess.Write(_handle, bytes, _written);
        _written += bytes.Length;
        if (_written - _begun >= WrittenEarly)
        {
            BeginToWrite();
        }
    }

    private void BeginToWrite()
    {
        EarlyWriting.Begin(_handle, _begun, _written - _begun);
        _begun = _written;
    }
}
