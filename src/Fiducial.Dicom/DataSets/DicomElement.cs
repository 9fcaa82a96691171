namespace Fiducial.Dicom;

/// <summary>Where a large value stands in its file, in bytes from the file's start. Deflated files: from the start of the inflated data set.</summary>
public readonly record struct ValueLocation(long Offset, long Length);

/// <summary>
/// One data element: its bytes as they were read (little endian), its items, the place where its value stands, or the address
/// where it can be had. Never changed once it is made.
/// </summary>
public sealed class DicomElement
{
    // Most elements have a value and nothing else: what few have shares one field.
    private readonly object? _rest;

    public required DicomTag Tag { get; init; }
    public required DicomVR VR { get; init; }

    /// <summary>Little endian, padding included. Empty for sequences and for values left in the file.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The items of a sequence; null for other elements.</summary>
    public IReadOnlyList<DicomDataSet>? Items
    {
        get => _rest as IReadOnlyList<DicomDataSet>;
        init => _rest = value ?? _rest;
    }

    /// <summary>Set when the value was left in the file.</summary>
    public ValueLocation? Location
    {
        get => (_rest as LocatedValue)?.Location;
        init => _rest = value is { } place ? new LocatedValue(place, false) : _rest;
    }

    /// <summary>Encapsulated pixel data: the fragments in the file, the offset table being the first item and not among them.</summary>
    public IReadOnlyList<ValueLocation>? Fragments
    {
        get => (_rest as EncapsulatedValue)?.Located;
        init => _rest = value is null ? _rest : Encapsulated with { Located = value };
    }

    /// <summary>Encapsulated pixel data that are at hand: the fragments, without the offset table. For writing.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? LoadedFragments
    {
        get => (_rest as EncapsulatedValue)?.Loaded;
        init => _rest = value is null ? _rest : Encapsulated with { Loaded = value };
    }

    /// <summary>Basic offset table of encapsulated pixel data.</summary>
    public ReadOnlyMemory<byte> OffsetTable
    {
        get => (_rest as EncapsulatedValue)?.OffsetTable ?? default;
        init => _rest = value.IsEmpty ? _rest : Encapsulated with { OffsetTable = value };
    }

    /// <summary>The address of a value that DICOM JSON did not bring along (PS3.18 F.2.6).</summary>
    public string? BulkDataUri
    {
        get => _rest as string;
        init => _rest = value ?? _rest;
    }

    /// <summary>True when the value is pixel data in fragments (PS3.5 A.4).</summary>
    public bool IsEncapsulated => _rest is EncapsulatedValue;

    /// <summary>True when the value is neither here nor its items: it stands in the file or behind an address.</summary>
    public bool IsElsewhere => _rest is LocatedValue or string or EncapsulatedValue { Located: not null };

    /// <summary>The value at <see cref="Location"/> has its numbers in big endian.</summary>
    internal bool IsBigEndianInFile => _rest is LocatedValue { IsBigEndian: true };

    internal static DicomElement Located(DicomTag tag, DicomVR vr, ValueLocation place, bool isBigEndian) =>
        new(new LocatedValue(place, isBigEndian)) { Tag = tag, VR = vr };

    public DicomElement() { }

    private DicomElement(object rest) => _rest = rest;

    private EncapsulatedValue Encapsulated => _rest as EncapsulatedValue ?? new EncapsulatedValue();

    public override string ToString() => $"{Tag} {VR} {DicomDictionary.Find(Tag)?.Keyword}".TrimEnd();

    private sealed record LocatedValue(ValueLocation Location, bool IsBigEndian);

    private sealed record EncapsulatedValue
    {
        public IReadOnlyList<ValueLocation>? Located { get; init; }
        public IReadOnlyList<ReadOnlyMemory<byte>>? Loaded { get; init; }
        public ReadOnlyMemory<byte> OffsetTable { get; init; }
    }
}
