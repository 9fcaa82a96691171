using System.Collections.Frozen;

namespace Fiducial.ExamRoom.Answers;

/// <summary>
/// A card with an approved answer that a technologist may give: versioned, in the patient's language, in plain words. It speaks of the
/// way and of nothing that is in the pictures (pathway 3.2). The cards are data (<c>answers.tsv</c>).
/// </summary>
/// <param name="Code">Such as <c>see</c>; with version and language it names the card.</param>
/// <param name="Machines">DICOM modalities for which the card speaks, or <c>*</c>.</param>
public sealed record AnswerCard(
    string Code,
    int Version,
    string Language,
    string Machines,
    string Question,
    string Answer
)
{
    public static IReadOnlyList<(string Code, string Name)> Languages { get; } =
    [("en", "English"), ("fr", "Français")];

    private static readonly FrozenDictionary<string, AnswerCard[]> ByLanguage = Read()
        .GroupBy(c => c.Language, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    /// <summary>The cards for an exam of this modality, in the order in which patients ask; English for a language that has none.</summary>
    public static IReadOnlyList<AnswerCard> For(string modality, string language) =>
        [
            .. ByLanguage
                .GetValueOrDefault(language, ByLanguage["en"])
                .Where(c => c.Machines is "*" || c.Machines.Split(',').Contains(modality, StringComparer.Ordinal)),
        ];

    private static IEnumerable<AnswerCard> Read()
    {
        using var stream = typeof(AnswerCard).Assembly.GetManifestResourceStream("answers.tsv")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            yield return line.Split('\t') switch
            {
                [var code, var version, var language, var machines, var question, var answer] => new AnswerCard(
                    code,
                    int.Parse(version, System.Globalization.CultureInfo.InvariantCulture),
                    language,
                    machines,
                    question,
                    answer
                ),
                _ => throw new InvalidDataException($"answers.tsv: '{line}' has not six cells."),
            };
        }
    }
}
