using System.Net;
using Fiducial.Server.Commands;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Person = Fiducial.Tests.Person;

namespace Fiducial.Server.Tests;

/// <summary>The way in by the clinic's own OpenID Connect provider, which is a real one on this machine.</summary>
public sealed class ProviderTests
{
    private const string Unknown = "it belongs to nobody who is known here, or the account here is disabled";

    [Fact]
    public async Task Who_is_known_here_by_the_name_that_the_provider_says_comes_in_and_goes_out()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        provider.Present = new ProviderAccount("s-1", "clara");
        using var browser = new Person(clinic, "clara");
        var left = await browser.LeavesForProvider();
        left.Status.Should().Be(HttpStatusCode.OK, "a form may lead only to us, and the page goes on by itself");
        Next(left).Should().StartWith(provider.Address.AbsoluteUri).And.Contain("code_challenge_method=S256");
        var back = await browser.Peeks((await browser.Peeks(Next(left)!)).Location!);
        back.Status.Should().Be(HttpStatusCode.OK, "after a redirection from elsewhere a strict cookie is kept back");
        Next(back).Should().Be("/front-desk");
        (await browser.Peeks("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        var inside = await browser.Peeks("/sign-in");
        await browser.Sends("/sign-out", Person.Fills(inside, "/sign-out"));
        using var copy = browser.Copy();
        (await copy.Peeks("/front-desk")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task The_page_that_was_wanted_survives_the_way_unless_it_is_elsewhere()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        provider.Present = new ProviderAccount("s-1", "clara");
        using var browser = new Person(clinic, "clara");
        var wanted = await browser.LeavesForProvider("/account#password");
        (await ArriveAsync(browser, wanted)).Should().Be("/account#password");
        using var lured = new Person(clinic, "clara");
        (await ArriveAsync(lured, await lured.LeavesForProvider("https://evil.example/"))).Should().Be("/front-desk");
    }

    [Fact]
    public async Task Who_is_unknown_or_disabled_is_told_so_gets_no_session_and_nobody_is_made()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        var before = await clinic.InDatabaseAsync(db => db.Set<People.Person>().CountAsync());
        await clinic.InDatabaseAsync(db =>
            db.Set<People.Person>()
                .Where(p => p.UserName == "tessa")
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, DateTimeOffset.MaxValue))
        );
        foreach (var name in (string[])["nobody-here", "tessa", ""])
        {
            provider.Present = new ProviderAccount("s-2", name);
            await RefusedAsync(clinic, Unknown);
        }
        (await clinic.InDatabaseAsync(db => db.Set<People.Person>().CountAsync())).Should().Be(before);
        (await clinic.InDatabaseAsync(db => db.Set<SessionRecord>().CountAsync())).Should().Be(0);
        (await clinic.InDatabaseAsync(db => db.Set<IdentityUserLogin<string>>().CountAsync())).Should().Be(0);
    }

    [Fact]
    public async Task A_name_opens_nothing_where_the_site_has_named_no_claim_nor_an_address_that_nobody_verified()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p);
        provider.Present = new ProviderAccount("s-1", "clara") { Email = "clara", IsEmailVerified = true };
        await RefusedAsync(clinic, Unknown);
        var named = new ClinicProvider(provider.Address, ProviderOfTheTown.Client, ProviderOfTheTown.Secret)
        {
            NameClaim = "email",
        };
        await clinic.RestartAsync(o => o with { Provider = named });
        using var browser = new Person(clinic, "clara");
        (await ArriveAsync(browser, await browser.LeavesForProvider())).Should().Be("/front-desk");
        provider.Present = provider.Present with { IsEmailVerified = false };
        await RefusedAsync(clinic, Unknown);
    }

    [Fact]
    public async Task Who_links_an_account_comes_in_by_its_subject_whatever_its_name_and_no_other_subject_by_the_name()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        provider.Present = new ProviderAccount("s-7", "c.surname");
        (await clinic.Clerk.FillsIn("/account", "/account/provider/link", ("password", "not it")))
            .Refusal.Should()
            .Contain("password is not right");
        (await LinkAsync(clinic.Clerk)).Words.Should().Contain("is linked: it signs you in here");
        (await LinkAsync(clinic.Technologist)).Refusal.Should().Contain("linked to somebody else already");

        using var browser = new Person(clinic, "clara");
        (await ArriveAsync(browser, await browser.LeavesForProvider())).Should().Be("/front-desk");
        provider.Present = new ProviderAccount("s-8", "clara");
        await RefusedAsync(clinic, Unknown);

        await clinic.Clerk.FillsIn("/account", "/account/provider/remove", ("password", Person.Password));
        (await browser.Peeks("/front-desk"))
            .Location.Should()
            .StartWith("/sign-in", "a removed link ends what it opened");
        (await clinic.Clerk.Opens("/account")).Status.Should().Be(HttpStatusCode.OK);
        provider.Present = new ProviderAccount("s-7", "c.surname");
        await RefusedAsync(clinic, Unknown);
    }

    [Fact]
    public async Task Who_has_enrolled_a_second_factor_is_asked_for_it_as_after_a_password()
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        var (phone, _) = await SecondFactorTests.EnrolAsync(clinic, clinic.Clerk);
        clinic.Clock.Turn(TimeSpan.FromSeconds(30));
        provider.Present = new ProviderAccount("s-1", "clara") { Acr = "gold", Amr = ["pwd", "mfa"] };
        using var browser = new Person(clinic, "clara");
        (await ArriveAsync(browser, await browser.LeavesForProvider())).Should().Be("/sign-in/second");
        provider.AskedAcr.Should().BeNull();
        (await browser.Peeks("/front-desk")).Location.Should().StartWith("/sign-in", "half a session opens nothing");
        (await browser.TriesCode(phone.Shows)).Location.Should().Be("/front-desk");
    }

    [Theory]
    [InlineData("gold", "", "gold", "pwd", true)]
    [InlineData("", "mfa", "", "mfa", true)]
    [InlineData("gold", "mfa", "silver", "pwd", false)]
    public async Task The_provider_s_word_for_a_second_factor_counts_where_the_site_has_written_it_down(
        string countedAcr,
        string countedAmr,
        string acr,
        string amr,
        bool counts
    )
    {
        await using var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(
            provider,
            p => p with { NameClaim = "preferred_username", SecondFactorAcr = countedAcr, SecondFactorAmr = countedAmr }
        );
        provider.Present = new ProviderAccount("s-3", "rado") { Acr = acr, Amr = ["pwd", amr] };
        using var browser = new Person(clinic, "rado");
        (await ArriveAsync(browser, await browser.LeavesForProvider())).Should().Be("/reading-room");
        (provider.AskedAcr ?? "").Should().Be(countedAcr);
        var account = await browser.Peeks("/account");
        account.Status.Should().Be(HttpStatusCode.OK);
        account.Words.Contains("You have come in without one", StringComparison.Ordinal).Should().Be(!counts);
    }

    [Fact]
    public async Task A_way_that_was_given_up_forged_or_finds_no_provider_ends_at_the_sign_in_with_a_sentence()
    {
        var provider = await ProviderOfTheTown.OpenAsync();
        await using var clinic = await OpenAsync(provider, p => p with { NameClaim = "preferred_username" });
        await RefusedAsync(clinic, "was not finished");
        using var forger = new Person(clinic, "clara");
        Next(await forger.Peeks("/sign-in/provider/back?code=1&state=2")).Should().Be("/sign-in?failed=provider");
        (await forger.Peeks("/sign-in/provider/back")).Location.Should().BeNull();

        // The answer to one browser is not one to another.
        provider.Present = new ProviderAccount("s-1", "clara");
        using var victim = new Person(clinic, "clara");
        var answer = (await forger.Peeks(Next(await forger.LeavesForProvider())!)).Location!;
        Next(await victim.Peeks(answer)).Should().Be("/sign-in?failed=provider");

        await provider.DisposeAsync();
        await clinic.RestartAsync();
        await RefusedAsync(clinic, "does not answer");
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_button_and_no_way()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        using var browser = new Person(clinic, "clara");
        (await browser.Peeks("/sign-in")).Document.QuerySelector("[formaction]").Should().BeNull();
        (await browser.LeavesForProvider()).Status.Should().Be(HttpStatusCode.NotFound);
        (await browser.Peeks("/sign-in/provider/back")).Location.Should().Be("/sign-in");
        (await clinic.Clerk.Opens("/account")).Document.QuerySelector("#provider").Should().BeNull();
    }

    [Fact]
    public void Settings_that_are_missing_or_wrong_are_named()
    {
        ClinicProvider? Read(params IEnumerable<(string Key, string Value)> settings) =>
            ClinicProvider.Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.Select(s => new KeyValuePair<string, string?>($"Oidc:{s.Key}", s.Value))
                    )
                    .Build()
                    .GetSection("Oidc")
            );
        var secret = Path.GetTempFileName();
        try
        {
            File.WriteAllText(secret, " the secret\n");
            (string, string)[] whole =
            [
                ("Authority", "https://login.clinic.example/realm"),
                ("ClientId", "fiducial"),
                ("ClientSecretFile", secret),
            ];
            Read().Should().BeNull();
            Read(whole)!.ClientSecret.Should().Be("the secret");
            foreach (
                var (key, value, says) in new[]
                {
                    ("Authority", "http://login.clinic.example", "write https://"),
                    ("ClientId", "", "needs its ClientId"),
                    ("ClientSecretFile", $"{secret}-gone", "ClientSecretFile"),
                    ("Address", "clinic", "Address of Oidc is 'clinic'"),
                }
            )
            {
                var read = () => Read([.. whole.Where(w => w.Item1 != key), (key, value)]);
                read.Should().Throw<CommandException>().WithMessage($"*{says}*");
            }
        }
        finally
        {
            File.Delete(secret);
        }
    }

    private static Task<ClinicInABox> OpenAsync(
        ProviderOfTheTown provider,
        Func<ClinicProvider, ClinicProvider> settings
    ) =>
        ClinicInABox.OpenAsync(settings: o =>
            o with
            {
                RequireSecondFactor = true,
                Provider = settings(
                    new ClinicProvider(provider.Address, ProviderOfTheTown.Client, ProviderOfTheTown.Secret)
                ),
            }
        );

    private static async Task RefusedAsync(ClinicInABox clinic, string sentence)
    {
        using var browser = new Person(clinic, "clara");
        var end = await ArriveAsync(browser, await browser.LeavesForProvider());
        end.Should().StartWith("/sign-in?failed=");
        (await browser.Peeks(end)).Refusal.Should().Contain(sentence);
        (await browser.Peeks("/front-desk")).Location.Should().StartWith("/sign-in");
    }

    private static async Task<Page> LinkAsync(Person person) =>
        await person.Opens(
            await ArriveAsync(
                person,
                await person.FillsIn("/account", "/account/provider/link", ("password", Person.Password))
            )
        );

    /// <summary>Goes to the provider and back, as the pages lead.</summary>
    /// <returns>Where within the house the way ends.</returns>
    private static async Task<string> ArriveAsync(Person person, Page page)
    {
        while (Next(page) is { } next)
        {
            if (next.StartsWith('/'))
            {
                return next;
            }
            page = await person.Peeks(next);
        }
        throw new InvalidOperationException($"The way ends at {page.Status}: {page.Words}");
    }

    private static string? Next(Page page) =>
        page.Location
        ?? page.Document.QuerySelector("meta[http-equiv=refresh]")
            ?.GetAttribute("content")
            ?.Replace("0;url=", "", StringComparison.Ordinal);
}
