namespace Fiducial.Results.Reports;

/// <summary>A line of a difference.</summary>
/// <param name="Kind">' ' kept, '-' was in the earlier version only, '+' is in the later version only.</param>
public sealed record DiffLine(string Section, char Kind, string Text);

/// <summary>What changed between two versions of a report, line by line within each section: shown to everyone who read the earlier one.</summary>
public static class ReportDiff
{
    public static IReadOnlyList<DiffLine> Of(ReportSections earlier, ReportSections later) =>
        [
            .. Section("Clinical information", earlier.ClinicalInformation, later.ClinicalInformation),
            .. Section("Technique", earlier.Technique, later.Technique),
            .. Section("Comparison", earlier.Comparison, later.Comparison),
            .. Section("Findings", earlier.Findings, later.Findings),
            .. Section("Impression", earlier.Impression, later.Impression),
            .. Section("Recommendations", earlier.Recommendations, later.Recommendations),
            .. Section("Letter to the patient", earlier.LetterToPatient, later.LetterToPatient),
        ];

    // The longest common subsequence of the lines; reports have tens of lines, not thousands.
    private static List<DiffLine> Section(string name, string earlier, string later)
    {
        var (a, b) = (Lines(earlier), Lines(later));
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }
        var lines = new List<DiffLine>();
        var (x, y) = (0, 0);
        while (x < a.Length || y < b.Length)
        {
            if (x < a.Length && y < b.Length && a[x] == b[y])
            {
                lines.Add(new DiffLine(name, ' ', a[x]));
                (x, y) = (x + 1, y + 1);
            }
            else if (y >= b.Length || (x < a.Length && common[x + 1, y] >= common[x, y + 1]))
            {
                lines.Add(new DiffLine(name, '-', a[x++]));
            }
            else
            {
                lines.Add(new DiffLine(name, '+', b[y++]));
            }
        }
        return lines;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n');
}
