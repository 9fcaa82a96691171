using System.Text.RegularExpressions;
using Fiducial.Server.Demonstration;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>A passkey in a real browser, with an authenticator that the browser itself plays.</summary>
[Collection(nameof(House))]
public sealed class PasskeyTests(House house)
{
    private readonly Album _album = new("passkey");

    [Fact]
    public async Task A_passkey_is_added_signs_its_person_in_and_signs_a_report()
    {
        House.Needs();
        await house.Clinic.HireAsync("rhea", "RAD");
        var page = await house.NewPageAsync(house.Clinic.NamedAddress);
        var reader = new Visitor("rhea", page, _album);
        var keys = await AuthenticatorAsync(page);
        await reader.SignInAsync();

        await reader.GoAsync("/account");
        await reader.LookAsync("account");
        var add = page.Locator("form[action='/account/passkeys/add']");
        await page.GetByText("Add a passkey", new PageGetByTextOptions { Exact = true }).First.ClickAsync();
        await add.Locator("[name=name]").FillAsync("Reading station");
        await add.Locator("[name=password]").FillAsync(DemonstrationPeople.Password);
        await add.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The passkey is added");
        await Assertions.Expect(page.Locator("#passkeys li")).ToContainTextAsync("Reading station");
        await Assertions.Expect(page.Locator(".codes li")).ToHaveCountAsync(10);
        await reader.LookAsync("account-with-a-passkey");

        // The password alone opens nothing any more.
        await page.Locator("form[action='/sign-out'] button").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in$"));
        await page.Locator("[name=person]").FillAsync("rhea");
        await page.Locator("[name=password]").FillAsync(DemonstrationPeople.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in/second$"));
        await reader.LookAsync("second-factor");
        await page.GotoAsync("/reading-room");
        page.Url.Should().Contain("/sign-in");

        // Without name and password.
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/reading-room$"));

        var exam = await Shortcut.UnreadAsync(house.Clinic);
        await reader.GoAsync($"/reading-room/exams/{exam.Id}");
        await reader.SubmitAsync(reader.Form("/claim"));
        await reader.TypeAsync("#report", "findings", Walk.Findings);
        await reader.TypeAsync("#report", "impression", Walk.Impression);
        await reader.SavedAsync("#report");
        var sign = reader.Form("/sign");
        await sign.Locator("[name=alertCategory]").SelectOptionAsync("none");
        await sign.Locator("[name=coverageExclusion]").FillAsync("Looked at elsewhere.");
        var withPasskey = sign.GetByRole(AriaRole.Button, new() { Name = "Sign the report with a passkey" });

        // Whoever sits there without the finger that opens the passkey signs nothing.
        await keys.SendAsync(
            "WebAuthn.setUserVerified",
            new() { ["authenticatorId"] = _authenticator!, ["isUserVerified"] = false }
        );
        await withPasskey.ClickAsync();
        await Assertions
            .Expect(sign.Locator("[data-passkey] [role=status]"))
            .ToContainTextAsync("No passkey was given");
        (await house.Clinic.ExamAsync(exam.AccessionNumber)).Report.Should().Be("draft");

        await keys.SendAsync(
            "WebAuthn.setUserVerified",
            new() { ["authenticatorId"] = _authenticator!, ["isUserVerified"] = true }
        );
        await withPasskey.ClickAsync();
        var signed = await house.Clinic.WaitAsync(exam.AccessionNumber, e => e.Report is "signed");
        signed.ReaderId.Should().Be("rhea");

        await reader.GoAsync("/account");
        await page.Locator("#passkeys summary").First.ClickAsync();
        var remove = page.Locator("form[action='/account/passkeys/remove']");
        await remove.Locator("[name=password]").FillAsync(DemonstrationPeople.Password);
        await remove.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("is removed");
        await page.Locator("form[action='/sign-out'] button").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in$"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in[?]failed=true$"));
        reader.Complaints.Should().BeEmpty();
        await page.Context.CloseAsync();
    }

    private string? _authenticator;

    private async Task<ICDPSession> AuthenticatorAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
        _authenticator = added!.Value.GetProperty("authenticatorId").GetString();
        return session;
    }
}
