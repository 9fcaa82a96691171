namespace Fiducial.Pathway.Exams;

/// <summary>How an exam and its times are said on every page.</summary>
public static class Wording
{
    /// <summary>"Doe^Jane" as "Jane Doe".</summary>
    public static string Name(string personName)
    {
        var parts = personName.Split('=')[0].Split('^');
        return string.Join(' ', parts.Skip(1).Take(1).Concat(parts.Take(1)).Where(p => p.Length > 0));
    }

    /// <summary>"19800102" as "1980-01-02".</summary>
    public static string Date(string da) => da.Length == 8 ? $"{da[..4]}-{da[4..6]}-{da[6..]}" : da;

    public static string Side(string laterality) =>
        laterality switch
        {
            "L" => "left",
            "R" => "right",
            "B" => "both sides",
            _ => "no side",
        };

    public static string What(ExamRecord exam) =>
        exam.Laterality.Length > 0 ? $"{exam.Procedure}, {Side(exam.Laterality)}" : exam.Procedure;
}
