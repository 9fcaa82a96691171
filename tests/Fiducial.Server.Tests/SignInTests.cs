using System.Net;

namespace Fiducial.Server.Tests;

/// <summary>The front door: who may come in, and what the door says to those who may not.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task A_wrong_password_a_wrong_name_and_a_locked_account_look_the_same()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = clinic.Address,
        };
        async Task<string?> TryAsync(string name, string password)
        {
            using var door = await browser.GetAsync("/sign-in");
            var token = System
                .Text.RegularExpressions.Regex.Match(
                    await door.Content.ReadAsStringAsync(),
                    "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"",
                    System.Text.RegularExpressions.RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                )
                .Groups["token"]
                .Value;
            using var answer = await browser.PostAsync(
                "/sign-in",
                new FormUrlEncodedContent(
                    new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["person"] = name,
                        ["password"] = password,
                        ["__RequestVerificationToken"] = token,
                    }
                )
            );
            answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
            return answer.Headers.Location?.OriginalString;
        }
        (await TryAsync("tessa", "wrong")).Should().Be("/sign-in?failed=true");
        (await TryAsync("nobody", Person.Password)).Should().Be("/sign-in?failed=true");
        (await TryAsync("", "")).Should().Be("/sign-in?failed=true");
        for (var i = 0; i < 10; i++)
        {
            await TryAsync("clara", "wrong");
        }
        (await TryAsync("clara", Person.Password)).Should().Be("/sign-in?failed=true", "the account is locked");
        (await TryAsync("tessa", Person.Password)).Should().Be("/exam-room");
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_door_whatever_was_asked_for()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Booked);
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = clinic.Address,
        };
        foreach (
            var path in (string[])
                [$"/front-desk/exams/{exam}", "/front-desk", "/nothing", $"/my/exams/{Guid.NewGuid()}"]
        )
        {
            using var page = new HttpRequestMessage(HttpMethod.Get, path);
            page.Headers.Accept.ParseAdd("text/html");
            using var led = await stranger.SendAsync(page);
            (led.StatusCode, led.Headers.Location?.OriginalString)
                .Should()
                .Be((HttpStatusCode.Redirect, $"/sign-in?return={Uri.EscapeDataString(path)}"), path);
            using var told = await stranger.GetAsync(path);
            told.StatusCode.Should().Be(HttpStatusCode.Unauthorized, path);
        }
        (await clinic.Clerk.Opens("/sign-in?failed=whatever")).Status.Should().Be(HttpStatusCode.OK);
        using var health = await stranger.GetAsync("/health");
        (await health.Content.ReadAsStringAsync()).Should().Be("healthy");
    }

    [Fact]
    public async Task After_signing_out_the_session_opens_nothing()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        (await clinic.Clerk.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        (await clinic.Clerk.Posts("/sign-out")).Location.Should().Be("/sign-in");
        (await clinic.Clerk.Opens("/front-desk")).Location.Should().Be("/sign-in?return=%2Ffront-desk");
    }
}
