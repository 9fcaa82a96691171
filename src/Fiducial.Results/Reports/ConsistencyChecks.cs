using System.Text.RegularExpressions;
using Fiducial.Pathway.Exams;

namespace Fiducial.Results.Reports;

/// <summary>A question that the reader answers before signing.</summary>
/// <param name="Code">side, sex, bodypart, negation.</param>
public sealed record ConsistencyQuestion(string Code, string Sentence);

/// <summary>Compares the words of a report with the order: the errors that addenda are written for.</summary>
public static partial class ConsistencyChecks
{
    public static IReadOnlyList<ConsistencyQuestion> Of(ExamRecord exam, ReportSections sections)
    {
        var questions = new List<ConsistencyQuestion>();
        var text = $"{sections.Findings}\n{sections.Impression}";
        var left = Left().IsMatch(text);
        var right = Right().IsMatch(text);
        if ((exam.Laterality is "L" && right) || (exam.Laterality is "R" && left))
        {
            questions.Add(new("side", $"The order says {Side(exam.Laterality)}; the report names the other side."));
        }
        if (exam.PatientSex is "M" && Female().IsMatch(text))
        {
            questions.Add(new("sex", "The patient is male; the report names female anatomy."));
        }
        if (exam.PatientSex is "F" && Male().IsMatch(text))
        {
            questions.Add(new("sex", "The patient is female; the report names male anatomy."));
        }
        return questions;
    }

    private static string Side(string laterality) => laterality is "L" ? "left" : "right";

    [GeneratedRegex(@"\bleft\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Left();

    [GeneratedRegex(@"\bright\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Right();

    [GeneratedRegex(
        @"\b(uterus|uterine|ovar(y|ies|ian)|endometri\w+)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Female();

    [GeneratedRegex(
        @"\b(prostat\w+|testi(s|cle|cular)\w*|scrot\w+)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Male();
}
