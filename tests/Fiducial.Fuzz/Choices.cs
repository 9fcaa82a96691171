using System.Buffers.Binary;

namespace Fiducial.Fuzz;

/// <summary>An input read as choices, one after the other; behind its end everything is 0.</summary>
internal sealed class Choices(byte[] input)
{
    private int _at;

    public byte Byte() => _at < input.Length ? input[_at++] : (byte)0;

    public bool Yes() => (Byte() & 1) == 1;

    public int Below(int count) => Byte() % count;

    public T Of<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    public byte[] Take(int count)
    {
        var taken = new byte[count];
        var there = Math.Min(count, input.Length - _at);
        input.AsSpan(_at, there).CopyTo(taken);
        _at += there;
        return taken;
    }

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public byte[] Rest() => Take(input.Length - _at);
}
