using System.Text;

namespace Fiducial.Dicom.Deidentification;

/// <summary>A data set without what identifies people, and what a person should still look at.</summary>
/// <param name="Doubts">Sentences; empty when the profile has an answer to everything that was found.</param>
public sealed record DeidentifiedDataSet(DicomDataSet DataSet, IReadOnlyList<string> Doubts);

/// <summary>
/// De-identifies data sets by the Basic Application Level Confidentiality Profile and its options (PS3.15 annex E). Where the
/// table leaves a choice (X/Z/D) the one is taken that is valid in every IOD. Pixels are not looked at.
/// </summary>
/// <example>
/// <code>
/// var deidentifier = new Deidentifier(new DeidentificationOptions { Key = key, RetainModifiedDates = true });
/// var (set, doubts) = deidentifier.Deidentify(file.DataSet);
/// DicomFile.Write(target, set, file.TransferSyntax, valuesFrom: file.Values(source));
/// </code>
/// </example>
public sealed class Deidentifier(DeidentificationOptions options)
{
    /// <summary>A new data set; the one given is not changed. Values that were left in the file are still found there.</summary>
    public DeidentifiedDataSet Deidentify(DicomDataSet dataSet)
    {
        var replacement = new Replacement(options.Key, dataSet.GetString(DicomTags.PatientID) ?? "");
        var doubts = new List<string>();
        var result = new DicomDataSet();
        // A stack in place of recursion: items are made first and filled afterwards.
        var open = new Stack<(DicomDataSet From, DicomDataSet To)>([(dataSet, result)]);
        while (open.TryPop(out var sets))
        {
            foreach (var element in sets.From)
            {
                var items = new List<(DicomDataSet From, DicomDataSet To)>();
                if (Treat(sets.From, element, replacement, items, doubts) is { } treated)
                {
                    sets.To.Add(treated);
                    items.ForEach(open.Push);
                }
            }
        }
        Declare(result);
        if (dataSet.Contains(DicomTags.PixelData) && dataSet.GetString(DicomTags.BurnedInAnnotation) is not "NO")
        {
            doubts.Add("Burned In Annotation (0028,0301) does not say NO: names may stand in the pixels.");
        }
        if (dataSet.GetString(DicomTags.RecognizableVisualFeatures) is "YES")
        {
            doubts.Add("Recognizable Visual Features (0028,0302) says YES: the face may be seen in the pixels.");
        }
        return new DeidentifiedDataSet(result, doubts);
    }

    private DicomElement? Treat(
        DicomDataSet set,
        DicomElement element,
        Replacement replacement,
        List<(DicomDataSet From, DicomDataSet To)> items,
        List<string> doubts
    )
    {
        var tag = element.Tag;
        if (tag.IsPrivate)
        {
            return IsSafe(set, element) ? element : null;
        }
        // What the dictionary does not know may be anything.
        if (tag.Element == 0 || DicomDictionary.Find(tag) is null)
        {
            return null;
        }
        var row = ConfidentialityProfile.Find(tag);
        var vr = set.MeaningOf(element);
        if (row is null)
        {
            return vr is DicomVR.SQ ? Within(set, element, items) : element;
        }
        switch (OptionOf(row))
        {
            case 'K':
                return vr is DicomVR.SQ ? Within(set, element, items) : element;
            case 'C' when Cleaned(set, element, vr, row, replacement, items) is { } cleaned:
                return cleaned;
        }
        return Basic(set, element, vr, row.Basic, replacement, items, doubts);
    }

    private DicomElement? Basic(
        DicomDataSet set,
        DicomElement element,
        DicomVR vr,
        string action,
        Replacement replacement,
        List<(DicomDataSet From, DicomDataSet To)> items,
        List<string> doubts
    )
    {
        switch (action)
        {
            case "X":
            case "X/D" when vr is DicomVR.SQ:
                return null;
            case "D" or "X/Z/U*" when vr is DicomVR.SQ:
                return Within(set, element, items);
            case "U" when options.RetainUids:
                return element;
            case "U":
                var uids = set.GetStrings(element.Tag).Select(replacement.Uid);
                return With(element, DicomVR.UI, Encoding.ASCII.GetBytes(string.Join('\\', uids)));
            case "Z" or "X/Z":
            case "X/Z/D" or "Z/D" when vr is DicomVR.SQ:
                return vr is DicomVR.SQ
                    ? new DicomElement
                    {
                        Tag = element.Tag,
                        VR = vr,
                        Items = [],
                    }
                    : With(element, vr, []);
            case "X/D" or "Z/D" or "X/Z/D" or "D":
                return With(
                    element,
                    vr,
                    vr is DicomVR.UI
                        ? Encoding.ASCII.GetBytes(replacement.Uid(element.Tag.ToString()))
                        : Replacement.Dummy(vr)
                );
            default:
                doubts.Add($"The profile has the unknown action {action} for {element.Tag}, which was removed.");
                return null;
        }
    }

    // What the options say of the attribute: K before C, nothing when none is taken that names it.
    private char? OptionOf(ProfileRow row)
    {
        var taken = TakenOptions().Select(row.Of).ToList();
        return taken.Contains('K') ? 'K'
            : taken.Contains('C') ? 'C'
            : null;
    }

    private IEnumerable<ProfileOption> TakenOptions() =>
        new (bool IsTaken, ProfileOption Option)[]
        {
            (options.CleanDescriptors, ProfileOption.CleanDescriptors),
            (options.CleanStructuredContent, ProfileOption.CleanStructuredContent),
            (options.RetainFullDates, ProfileOption.RetainFullDates),
            (options.RetainModifiedDates, ProfileOption.RetainModifiedDates),
            (options.RetainUids, ProfileOption.RetainUids),
            (options.RetainPatientCharacteristics, ProfileOption.RetainPatientCharacteristics),
            (options.RetainDeviceIdentity, ProfileOption.RetainDeviceIdentity),
            (options.RetainInstitutionIdentity, ProfileOption.RetainInstitutionIdentity),
            (options.CleanGraphics, ProfileOption.CleanGraphics),
        }
            .Where(o => o.IsTaken)
            .Select(o => o.Option);

    // Null when it cannot be cleaned here: then it is treated as the Basic Profile says.
    private DicomElement? Cleaned(
        DicomDataSet set,
        DicomElement element,
        DicomVR vr,
        ProfileRow row,
        Replacement replacement,
        List<(DicomDataSet From, DicomDataSet To)> items
    )
    {
        if (vr is DicomVR.SQ)
        {
            return Within(set, element, items);
        }
        if (options.RetainModifiedDates && row.Of(ProfileOption.RetainModifiedDates) is 'C')
        {
            if (vr is DicomVR.TM)
            {
                return element;
            }
            var dates = set.GetStrings(element.Tag).Select(replacement.Shifted).ToList();
            return vr is DicomVR.DA or DicomVR.DT && !dates.Contains(null)
                ? With(element, vr, Encoding.ASCII.GetBytes(string.Join('\\', dates)))
                : null;
        }
        if (
            options.CleanText is null
            || element.IsElsewhere
            || !(DicomVRs.IsCharacterSetText(vr) || DicomVRs.IsPlainText(vr))
        )
        {
            return null;
        }
        var text = string.Join('\\', set.GetStrings(element.Tag));
        if (options.CleanText(element, text) is not { } clean)
        {
            return null;
        }
        // A text that stays keeps its bytes, which need not be of the set that the object names.
        if (clean == text)
        {
            return With(element, vr, element.Value.ToArray());
        }
        try
        {
            return With(element, vr, set.Characters().Encode(clean, vr));
        }
        catch (ArgumentException)
        {
            // What cannot be written here is not kept.
            return null;
        }
    }

    private static DicomElement Within(
        DicomDataSet set,
        DicomElement element,
        List<(DicomDataSet From, DicomDataSet To)> items
    )
    {
        IReadOnlyList<DicomDataSet> from;
        try
        {
            from = set.GetItems(element.Tag);
        }
        catch (DicomFormatException)
        {
            // A UN whose items cannot be read may hold anything.
            from = [];
        }
        items.AddRange(from.Select(item => (item, new DicomDataSet())));
        return new DicomElement
        {
            Tag = element.Tag,
            VR = DicomVR.SQ,
            Items = [.. items.Select(i => i.To)],
        };
    }

    private bool IsSafe(DicomDataSet set, DicomElement element)
    {
        if (options.IsSafePrivate is not { } isSafe)
        {
            return false;
        }
        var group = element.Tag.Group;
        if (element.Tag.IsPrivateCreator)
        {
            // A creator stays when one of its elements does.
            return set.Any(e => e.Tag.Group == group && e.Tag.Element >> 8 == element.Tag.Element && IsSafe(set, e));
        }
        var creator = set.GetString(new DicomTag(group, (ushort)(element.Tag.Element >> 8)));
        return creator is not null
            && element.Items is null
            && (isSafe(creator, element.Tag) || DeclaresSafe(set, group, creator));
    }

    // PS3.3 C.12.1.1.7: the object says of a private block that nothing in it identifies anybody.
    private static bool DeclaresSafe(DicomDataSet set, ushort group, string creator) =>
        set.GetItems(DicomTags.PrivateDataElementCharacteristicsSequence)
            .Any(block =>
                block.GetInt(DicomTags.PrivateGroupReference) == group
                && string.Equals(block.GetString(DicomTags.PrivateCreatorReference), creator, StringComparison.Ordinal)
                && block.GetString(DicomTags.BlockIdentifyingInformationStatus) is "SAFE"
            );

    private static DicomElement With(DicomElement element, DicomVR vr, byte[] value) =>
        new()
        {
            Tag = element.Tag,
            VR = vr,
            Value = value,
        };

    // PS3.15 E.1.1, point 6, with the codes of CID 7050.
    private void Declare(DicomDataSet set)
    {
        var codes = new List<(string Code, string Meaning)> { ("113100", "Basic Application Confidentiality Profile") };
        void Took(bool isTaken, string code, string meaning)
        {
            if (isTaken)
            {
                codes.Add((code, meaning));
            }
        }
        Took(options.CleanGraphics, "113103", "Clean Graphics Option");
        Took(options.CleanStructuredContent, "113104", "Clean Structured Content Option");
        Took(options.CleanDescriptors, "113105", "Clean Descriptors Option");
        Took(options.RetainFullDates, "113106", "Retain Longitudinal Temporal Information Full Dates Option");
        Took(options.RetainModifiedDates, "113107", "Retain Longitudinal Temporal Information Modified Dates Option");
        Took(options.RetainPatientCharacteristics, "113108", "Retain Patient Characteristics Option");
        Took(options.RetainDeviceIdentity, "113109", "Retain Device Identity Option");
        Took(options.RetainUids, "113110", "Retain UIDs Option");
        Took(options.IsSafePrivate is not null, "113111", "Retain Safe Private Option");
        Took(options.RetainInstitutionIdentity, "113112", "Retain Institution Identity Option");
        set.Set(DicomTags.PatientIdentityRemoved, "YES")
            .Set(DicomTags.DeidentificationMethod, [.. codes.Select(c => $"PS3.15 {c.Code}")])
            .SetItems(
                DicomTags.DeidentificationMethodCodeSequence,
                [
                    .. codes.Select(c =>
                        new DicomDataSet()
                            .Set(DicomTags.CodeValue, c.Code)
                            .Set(DicomTags.CodingSchemeDesignator, "DCM")
                            .Set(DicomTags.CodeMeaning, c.Meaning)
                    ),
                ]
            )
            .Set(
                DicomTags.LongitudinalTemporalInformationModified,
                options.RetainFullDates ? "UNMODIFIED"
                    : options.RetainModifiedDates ? "MODIFIED"
                    : "REMOVED"
            );
    }
}
