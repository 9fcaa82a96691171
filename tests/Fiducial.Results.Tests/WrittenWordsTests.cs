using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Tests;

/// <summary>What people wrote with a step is kept beside the ledger, and the ledger finds it when it was changed.</summary>
public sealed class WrittenWordsTests
{
    [Theory]
    [InlineData("update step_words set \"Words\" = '{\"reason\":\"something else\"}'")]
    [InlineData("delete from step_words")]
    [InlineData("update preliminary_reports set \"Sections_Impression\" = 'All is well.'")]
    [InlineData("update preliminary_reports set \"AuthorId\" = 'ravi'")]
    [InlineData("delete from preliminary_reports")]
    public async Task Words_that_were_edited_by_hand_are_found(string edit)
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R5 R6 drain U4");
        (await house.FaultsAsync()).Should().BeEmpty();
        var rows = await house.QueryAsync(db =>
            db.Database.ExecuteSqlRawAsync(edit.Replace("{", "{{").Replace("}", "}}"))
        );
        rows.Should().Be(1);
        (await house.FaultsAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_ledger_holds_no_word_of_what_was_written()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain A1 A2 A3 U2 U9 U10 L4 L6 R10");
        var ledger = string.Join('\n', (await house.LedgerAsync(story.Case.Id)).Select(e => e.Evidence + e.Reason));
        foreach (var word in (string[])["Fracture", "Cast", "Displaced", "told in person", "The report was wrong"])
        {
            ledger.Should().NotContainEquivalentOf(word);
        }
        (await house.FaultsAsync()).Should().BeEmpty();
    }
}
