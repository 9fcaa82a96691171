namespace Fiducial.Dicom.Network;

/// <summary>
/// Matching of a query's keys against a data set in memory, and the answer made of it (PS3.4 C.2.2.2): for services whose lists are short, such as
/// worklists.
/// </summary>
public static class AttributeMatching
{
    private static readonly DicomTag StartDate = DicomTags.ScheduledProcedureStepStartDate;
    private static readonly DicomTag StartTime = DicomTags.ScheduledProcedureStepStartTime;

    /// <summary>
    /// True when every key with a value matches: single value, list of UIDs, range, wild card, sequence. An attribute that the candidate does not
    /// have, not even empty, is none that is matched (PS3.4 C.2.2.1.3): consoles send values in keys that they only want answered.
    /// </summary>
    /// <remarks>The start of a scheduled step is a moment: its two ranges are one (PS3.4 K.6.1.2.2, table K.6-1).</remarks>
    public static bool Matches(DicomDataSet keys, DicomDataSet candidate) =>
        MomentOf(keys) is var (dates, times)
            ? keys.Where(k => !IsStatement(k.Tag) && k.Tag != StartDate && k.Tag != StartTime)
                .All(k => Matches(keys, k, candidate))
                && dates.Contains(candidate.GetString(StartDate) ?? "", times, candidate.GetString(StartTime) ?? "")
            : keys.Where(k => !IsStatement(k.Tag)).All(k => Matches(keys, k, candidate));

    /// <summary>Every key that was asked for, with its value or empty; a sequence with the keys of its item.</summary>
    public static DicomDataSet Answer(DicomDataSet keys, DicomDataSet candidate, AnswerText text)
    {
        var answer = Requested(keys, candidate, text);
        text.State(answer);
        return answer;
    }

    private static DicomDataSet Requested(DicomDataSet keys, DicomDataSet candidate, AnswerText text)
    {
        var answer = new DicomDataSet();
        foreach (var key in keys.Where(k => !IsStatement(k.Tag)))
        {
            if (key.VR is DicomVR.SQ)
            {
                // A sequence without keys is wanted whole.
                var items = candidate
                    .GetItems(key.Tag)
                    .Select(i => Requested(key.Items is [{ Count: > 0 } inner, ..] ? inner : i, i, text));
                answer.SetItems(key.Tag, [.. items]);
            }
            else if (candidate.GetStrings(key.Tag) is { Count: > 0 } values)
            {
                text.Set(answer, key.Tag, values);
            }
            else
            {
                answer.SetBytes(key.Tag, key.VR, default);
            }
        }
        return answer;
    }

    private static bool Matches(DicomDataSet keys, DicomElement key, DicomDataSet candidate)
    {
        if (!candidate.Contains(key.Tag))
        {
            return true;
        }
        if (key.VR is DicomVR.SQ)
        {
            return key.Items is not [{ Count: > 0 } inner, ..]
                || candidate.GetItems(key.Tag).Any(i => Matches(inner, i))
                || !HasValues(inner);
        }
        var wanted = keys.GetStrings(key.Tag);
        if (wanted.All(w => w.Length == 0 || w == "*"))
        {
            return true;
        }
        var values = candidate.GetStrings(key.Tag);
        return values.Any(v => wanted.Any(w => MatchesOne(DicomDictionary.VROf(key.Tag), w, v)));
    }

    // Null when the keys do not ask for it by two ranges of the same form.
    private static (MatchingRange Dates, MatchingRange Times)? MomentOf(DicomDataSet keys) =>
        MatchingRange.TryParse(keys.GetString(StartDate) ?? "", out var dates)
        && MatchingRange.TryParse(keys.GetString(StartTime) ?? "", out var times)
        && dates.CombinesWith(times)
            ? (dates, times)
            : null;

    private static bool HasValues(DicomDataSet keys) =>
        keys.Any(k => k.Items is { } items ? items.Any(HasValues) : keys.GetStrings(k.Tag).Any(v => v.Length > 0));

    private static bool MatchesOne(DicomVR vr, string wanted, string value) =>
        vr switch
        {
            DicomVR.DA or DicomVR.TM or DicomVR.DT => IsWithin(wanted, value),
            DicomVR.UI => wanted == value,
            DicomVR.PN => IsLike(NameOf(wanted), NameOf(value)),
            _ => IsLike(wanted, value),
        };

    private static bool IsWithin(string wanted, string value) =>
        MatchingRange.TryParse(wanted, out var range)
            ? range.Contains(value)
            : value.StartsWith(wanted, StringComparison.Ordinal);

    private static string NameOf(string name) =>
        string.Join('=', name.Split('=').Select(g => g.TrimEnd('^', ' '))).TrimEnd('=').ToUpperInvariant();

    // * is any run, ? one character; a run that was too short is taken longer.
    private static bool IsLike(string pattern, string text)
    {
        var (p, t, star, after) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, after) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++after);
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }

    private static bool IsStatement(DicomTag tag) =>
        tag.Element == 0 || tag == DicomTags.SpecificCharacterSet || tag == DicomTags.QueryRetrieveLevel;
}
