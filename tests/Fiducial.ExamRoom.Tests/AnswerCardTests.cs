using Fiducial.ExamRoom.Answers;
using Fiducial.Pathway.Protocols;

namespace Fiducial.ExamRoom.Tests;

/// <summary>The cards from which a technologist answers: complete in every language, and without a word about the pictures.</summary>
public sealed class AnswerCardTests
{
    public static TheoryData<string, string> Places =>
        [
            .. ProtocolBook
                .All.Select(p => p.Modality)
                .Distinct()
                .SelectMany(m => AnswerCard.Languages.Select(l => (m, l.Code))),
        ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_machine_has_every_card_in_every_language_once(string modality, string language)
    {
        var cards = AnswerCard.For(modality, language);
        cards.Select(c => c.Code).Should().Equal(AnswerCard.For(modality, "en").Select(c => c.Code));
        cards.Select(c => c.Code).Should().OnlyHaveUniqueItems().And.Contain("machine");
        cards.Should().OnlyContain(c => c.Language == language && c.Version > 0 && c.Answer.Length > 20);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void What_do_you_see_comes_first_and_sends_to_the_doctor(string modality, string language)
    {
        var first = AnswerCard.For(modality, language)[0];
        first.Code.Should().Be("see");
        first.Answer.Should().Contain("{doctor}");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void No_card_reassures_or_describes(string modality, string language) =>
        string.Join(' ', AnswerCard.For(modality, language).Select(c => c.Answer))
            .ToLowerInvariant()
            .Should()
            .NotContainAny(
                "looks fine",
                "normal",
                "nothing to worry",
                "tout va bien",
                "fracture",
                "tumour",
                "tumeur",
                "cancer"
            );

    [Fact]
    public void A_language_without_cards_gets_English() =>
        AnswerCard.For("CT", "xx").Should().Equal(AnswerCard.For("CT", "en"));
}
