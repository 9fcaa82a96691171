using System.Globalization;
using System.Text.RegularExpressions;

namespace Fiducial.Dicom;

/// <summary>
/// The rules that values follow by their VR and VM (PS3.5 6.2 and 6.4). Devices break them, and what they wrote is forwarded as it
/// is; objects that are made here are checked before they are written.
/// </summary>
/// <example>
/// <code>
/// if (ValueRules.Broken(set) is [var first, ..]) throw new InvalidOperationException(first);
/// </code>
/// </example>
public static partial class ValueRules
{
    private const int LongestComponentGroup = 64;

    /// <summary>A sentence for every value of the data set and its items that breaks a rule.</summary>
    public static IReadOnlyList<string> Broken(DicomDataSet dataSet)
    {
        var broken = new List<string>();
        var pending = new Stack<DicomDataSet>([dataSet]);
        while (pending.TryPop(out var set))
        {
            foreach (var element in set)
            {
                foreach (var item in element.Items ?? [])
                {
                    pending.Push(item);
                }
                if (element is { Items: null, IsElsewhere: false, IsEncapsulated: false, Value.IsEmpty: false })
                {
                    broken.AddRange(Broken(set, element));
                }
            }
        }
        return broken;
    }

    private static IEnumerable<string> Broken(DicomDataSet set, DicomElement element)
    {
        var unit = element.VR is DicomVR.AT ? 4 : DicomVRs.UnitOf(element.VR);
        if (element.Value.Length % unit != 0)
        {
            yield return $"{element} has {element.Value.Length} bytes, which is no multiple of {unit}.";
            yield break;
        }
        if (DicomVRs.IsOther(element.VR))
        {
            yield break;
        }
        var isText = unit == 1;
        var values = isText ? set.GetStrings(element.Tag) : [];
        var count = isText ? values.Count : element.Value.Length / unit;
        if (DicomDictionary.Find(element.Tag) is { } entry && entry.VR == element.VR && !Allows(entry.VM, count))
        {
            yield return $"{element} has {count} values, {entry.VM} are allowed.";
        }
        foreach (var value in values)
        {
            if (value.Length > 0 && !IsAllowed(element.VR, value))
            {
                yield return $"{element} has '{(value.Length > 80 ? value[..80] + "…" : value)}', which is no {element.VR}.";
            }
        }
    }

    private static bool IsAllowed(DicomVR vr, string value) =>
        vr switch
        {
            DicomVR.AE => value.Length <= 16 && !HasControls(value),
            DicomVR.AS => Age().IsMatch(value),
            DicomVR.CS => Code().IsMatch(value),
            DicomVR.DA => DateOnly.TryParseExact(
                value,
                "yyyyMMdd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            DicomVR.DS => value.Length <= 16 && Decimal().IsMatch(value),
            DicomVR.DT => DateTime().IsMatch(value),
            DicomVR.IS => value.Length <= 12
                && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            DicomVR.LO => value.Length <= 64 && !HasControls(value),
            DicomVR.LT => value.Length <= 10240,
            DicomVR.PN => value.Split('=') is { Length: <= 3 } groups
                && Array.TrueForAll(groups, g => g.Length <= LongestComponentGroup && g.Count(c => c == '^') <= 4)
                && !HasControls(value),
            DicomVR.SH => value.Length <= 16 && !HasControls(value),
            DicomVR.ST => value.Length <= 1024,
            DicomVR.TM => Time().IsMatch(value),
            DicomVR.UI => value.Length <= 64 && Uid().IsMatch(value),
            DicomVR.UR => !value.Contains(' ', StringComparison.Ordinal),
            _ => true,
        };

    private static bool HasControls(string value) => value.Any(c => char.IsControl(c) && c != '\u001b');

    /// <summary>True when so many values may stand there; <paramref name="vm"/> is such as 1, 1-3, 1-n, 2-2n.</summary>
    private static bool Allows(string vm, int count)
    {
        var parts = vm.Split(" or ")[^1].Split('-');
        if (!int.TryParse(parts[0], CultureInfo.InvariantCulture, out var least))
        {
            return true;
        }
        if (parts.Length == 1)
        {
            return count == least;
        }
        if (int.TryParse(parts[1], CultureInfo.InvariantCulture, out var most))
        {
            return count >= least && count <= most;
        }
        var step = parts[1] is "n" ? 1 : int.Parse(parts[1].TrimEnd('n'), CultureInfo.InvariantCulture);
        return count >= least && count % step == 0;
    }

    [GeneratedRegex(@"^[0-9]{3}[DWMY]\z")]
    private static partial Regex Age();

    [GeneratedRegex(@"^[A-Z0-9 _]{1,16}\z")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Decimal();

    [GeneratedRegex(
        @"^([01][0-9]|2[0-3])([0-5][0-9](([0-5][0-9]|60)(\.[0-9]{1,6})?)?)?\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Time();

    [GeneratedRegex(
        @"^[0-9]{4}((0[1-9]|1[0-2])((0[1-9]|[12][0-9]|3[01])(([01][0-9]|2[0-3])([0-5][0-9](([0-5][0-9]|60)(\.[0-9]{1,6})?)?)?)?)?)?([+-][0-9]{4})?\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex DateTime();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Uid();
}
