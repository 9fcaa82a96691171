using Fiducial.Server.Demonstration;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>A session that has rested too long: the page is covered, and nothing that was typed is lost.</summary>
[Collection(nameof(House))]
public sealed class SessionTests(House house)
{
    private const string Typed = "Fall from a ladder, cannot lift the arm.";
    private readonly Album _album = new("session");

    [Fact]
    public async Task After_a_rest_the_page_is_covered_and_a_sign_in_brings_back_what_was_typed()
    {
        House.Needs();
        await using var clinic = await OpenClinic.OpenAsync(
            new Dictionary<string, double>(StringComparer.Ordinal) { ["REF"] = 0.2 }
        );
        var page = await house.NewPageAsync(clinic.Address);
        var doctor = new Visitor("rita", page, _album);
        await doctor.SignInAsync();
        await doctor.GoAsync("/office/refer");
        var form = doctor.Form("/office/refer");
        await form.Locator("[name=patientId]").SelectOptionAsync("FID-0003");
        await form.Locator("[name=protocolCode]").SelectOptionAsync("XR-CHEST");
        await form.Locator("[name=indication]").FillAsync(Typed);
        await form.Locator("[name=accessionNumber]").FillAsync("SESSION-1");

        // It warns, and a sign of life lets it go on.
        var warning = page.GetByRole(AriaRole.Alertdialog);
        await warning.WaitForAsync();
        await warning.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Assertions.Expect(warning).ToHaveCountAsync(0);
        (await doctor.Http.GetAsync("/session")).Ok.Should().BeTrue();

        var cover = page.Locator("dialog.cover");
        await cover.WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
        await Assertions.Expect(form.Locator("[name=indication]")).Not.ToBeVisibleAsync();
        (await page.TitleAsync()).Should().Be("Signed out – Fiducial");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(cover).ToBeVisibleAsync();
        // Not the page alone: the server has ended the session, too.
        var inside = await doctor.Http.GetAsync("/office", new() { Headers = [new("Accept", "text/html")] });
        inside.Url.Should().Contain("/sign-in");

        await cover.Locator("[name=password]").FillAsync("not it");
        await cover.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(cover.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await doctor.LookAsync("covered");
        await cover.Locator("[name=password]").FillAsync(DemonstrationPeople.Password);
        await cover.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(cover).ToHaveCountAsync(0);
        (await form.Locator("[name=indication]").InputValueAsync()).Should().Be(Typed);
        await doctor.SubmitAsync(form);
        (await clinic.ExamAsync("SESSION-1")).Indication.Should().Be(Typed);
        doctor.Complaints.Should().BeEmpty();
        await page.Context.CloseAsync();
    }
}
