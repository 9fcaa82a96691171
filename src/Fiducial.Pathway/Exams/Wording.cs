using System.Globalization;
using Fiducial.Foundation.Calendar;

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

    /// <summary>Whole years from a DICOM date (DA) to a day; empty when the date is not whole.</summary>
    public static string Age(string birthDate, DateOnly on)
    {
        if (DayText.Day(birthDate) is not { } born)
        {
            return "";
        }
        var years = on.Year - born.Year - (on < born.AddYears(on.Year - born.Year) ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{years} y");
    }

    /// <summary>PS3.3 C.7.1.1 Patient's Sex in words.</summary>
    public static string Sex(string code) =>
        code switch
        {
            "F" => "female",
            "M" => "male",
            "O" => "other",
            _ => "not stated",
        };

    /// <summary>
    /// How far order and exam have come, in two or three words. Logistics alone (C0): what the images mean, or whether they are read, is
    /// not in it.
    /// </summary>
    public static string Step(ExamRecord exam) =>
        exam.Exam switch
        {
            "arrived" => "arrived",
            "in_progress" => "in progress",
            "acquired" => "images taken",
            "departed" => "departed",
            "aborted" => "stopped",
            "recall_due" => "to come again",
            _ => exam.Order switch
            {
                "requested" => "to protocol",
                "queried" => "question open",
                "protocolled" => "to book",
                "scheduled" => "booked",
                "cancelled" => "cancelled",
                _ => "new",
            },
        };

    /// <summary>The colour that repeats <see cref="Step"/>: a class of the chip.</summary>
    public static string StepTone(ExamRecord exam) =>
        exam.Exam switch
        {
            "arrived" => "warn",
            "in_progress" or "acquired" => "info",
            "departed" => "ok",
            "aborted" => "bad",
            _ => exam.Order is "cancelled" ? "bad" : "",
        };
}
