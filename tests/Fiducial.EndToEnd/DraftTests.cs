using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>Nothing typed is lost: neither with the connection, nor with the server, nor at another browser.</summary>
[Collection(nameof(House))]
public sealed class DraftTests(House house)
{
    private readonly Album _album = new("drafts");

    [Fact]
    public async Task A_report_survives_a_reload_a_second_browser_and_a_restart_of_the_server()
    {
        House.Needs();
        var exam = await Shortcut.UnreadAsync(house.Clinic);
        var path = $"/reading-room/exams/{exam.Id}";
        var reader = await house.SignInAsync("rado", _album);
        await reader.GoAsync(path);
        await reader.SubmitAsync(reader.Form("/claim"));
        await reader.TypeAsync("#report", "findings", "First sentence.");
        await reader.SavedAsync("#report");

        var elsewhere = await house.SignInAsync("rado", _album);
        await elsewhere.GoAsync(path);
        (await Field(elsewhere, "findings").InputValueAsync()).Should().Be("First sentence.");
        await elsewhere.Page.Context.CloseAsync();

        await house.Clinic.CloseAsync();
        await Field(reader, "findings").FillAsync("First sentence. Second, typed without a server.");
        await Assertions.Expect(reader.Page.Locator("[data-saved]")).ToContainTextAsync("kept in this browser");
        // The tab is gone before anything could be sent; the browser stays.
        await reader.Page.CloseAsync();
        await house.Clinic.ReopenAsync();
        var again = new Visitor("rado", await reader.Page.Context.NewPageAsync(), _album);
        await again.GoAsync(path);
        await Assertions
            .Expect(Field(again, "findings"))
            .ToHaveValueAsync("First sentence. Second, typed without a server.");
        await again.SavedAsync("#report");
        await again.Page.ReloadAsync();
        (await Field(again, "findings").InputValueAsync()).Should().EndWith("without a server.");
        await again.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_report_that_could_not_be_saved_is_not_signed()
    {
        House.Needs();
        var exam = await Shortcut.UnreadAsync(house.Clinic);
        var reader = await house.SignInAsync("rado", _album);
        await reader.GoAsync($"/reading-room/exams/{exam.Id}");
        await reader.SubmitAsync(reader.Form("/claim"));
        await reader.TypeAsync("#report", "findings", "As it was saved.");
        await reader.TypeAsync("#report", "impression", "As it was saved.");
        await reader.SavedAsync("#report");
        await reader.Page.RouteAsync("**/draft", route => route.AbortAsync());
        await Field(reader, "impression").FillAsync("Something else.");
        await reader.Page.Locator("form#sign").GetByRole(AriaRole.Button).Last.ClickAsync();
        await Assertions.Expect(reader.Page.Locator("[data-saved]")).ToContainTextAsync("kept in this browser");
        (await house.Clinic.ExamAsync(exam.AccessionNumber)).Report.Should().Be("draft");
        (await Field(reader, "impression").InputValueAsync()).Should().Be("Something else.");
        await reader.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_doctors_review_survives_a_second_browser_and_a_restart_and_goes_with_the_step()
    {
        House.Needs();
        var exam = await Shortcut.AcknowledgedAsync(house.Clinic);
        var path = $"/office/exams/{exam.Id}";
        var doctor = await house.SignInAsync("rita", _album);
        await doctor.GoAsync(path);
        await doctor.TypeAsync("form[action$='/review']", "assessment", "Half an assessment");
        await doctor.SavedAsync("form[action$='/review']");
        await house.Clinic.CloseAsync();
        await house.Clinic.ReopenAsync();

        var elsewhere = await house.SignInAsync("rita", _album);
        await elsewhere.GoAsync(path);
        await Assertions.Expect(Field(elsewhere, "assessment")).ToHaveValueAsync("Half an assessment");
        await Field(elsewhere, "plan").FillAsync("Splint");
        await elsewhere.SavedAsync("form[action$='/review']");

        // The first window is told, and keeps its words.
        await Field(doctor, "assessment").FillAsync("Half an assessment, changed here too");
        await Assertions
            .Expect(doctor.Page.Locator("form[action$='/review'] [data-saved]"))
            .ToContainTextAsync("another window");
        await doctor.Page.ReloadAsync();
        await Assertions.Expect(Field(doctor, "plan")).ToHaveValueAsync("Splint");
        await Assertions
            .Expect(doctor.Page.Locator("form[action$='/review'] details"))
            .ToContainTextAsync("changed here too");

        await doctor.SubmitAsync(doctor.Form("/review"));
        var kept = await doctor.Http.GetAsync($"/office/exams/{exam.Id}/drafts/review");
        (await kept.TextAsync()).Should().Be("""{"revision":0,"sections":{}}""");
        await elsewhere.Page.Context.CloseAsync();
        await doctor.Page.Context.CloseAsync();
    }

    private static ILocator Field(Visitor visitor, string name) => visitor.Page.Locator($"main [name={name}]");
}
