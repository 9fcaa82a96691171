using System.Security.Cryptography;

namespace Fiducial.Dicom.Deidentification;

/// <summary>Which options of PS3.15 E.3 are taken with the Basic Profile. None is the strictest.</summary>
public sealed record DeidentificationOptions
{
    /// <summary>
    /// Secret from which new UIDs and the shift of dates follow: objects that are de-identified with the same key stay together.
    /// Whoever has it can tell which UID became which.
    /// </summary>
    public ReadOnlyMemory<byte> Key { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>E.3.9: UIDs stay as they are.</summary>
    public bool RetainUids { get; init; }

    /// <summary>E.3.6: dates and times stay as they are.</summary>
    public bool RetainFullDates { get; init; }

    /// <summary>E.3.6: dates are moved back by a number of days that is the same for all objects of a patient.</summary>
    public bool RetainModifiedDates { get; init; }

    /// <summary>E.3.7: sex, age, size, weight and the like stay.</summary>
    public bool RetainPatientCharacteristics { get; init; }

    /// <summary>E.3.8: station, device and serial number stay.</summary>
    public bool RetainDeviceIdentity { get; init; }

    /// <summary>E.3.11: name and address of the institution stay.</summary>
    public bool RetainInstitutionIdentity { get; init; }

    /// <summary>E.3.5: descriptions are given to <see cref="CleanText"/> in place of being removed.</summary>
    public bool CleanDescriptors { get; init; }

    /// <summary>E.3.4: the content of structured reports is cleaned item by item.</summary>
    public bool CleanStructuredContent { get; init; }

    /// <summary>E.3.3: graphics, text annotations and overlays stay, their text cleaned.</summary>
    public bool CleanGraphics { get; init; }

    /// <summary>
    /// Gives the text without what identifies people, or null when the element is to be treated as the Basic Profile says. Without
    /// it every text that an option would clean is treated so: nothing is kept that nobody has looked at.
    /// </summary>
    public Func<DicomElement, string, string?>? CleanText { get; init; }

    /// <summary>
    /// E.3.10: tells which private elements are safe, by creator and tag. Beside those that the object itself declares safe
    /// (0008,0303) no other private element is kept. Null: none at all is kept.
    /// </summary>
    public Func<string, DicomTag, bool>? IsSafePrivate { get; init; }
}
