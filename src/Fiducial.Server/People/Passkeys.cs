using System.Text.Json;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>
/// Passkeys (WebAuthn level 3) with user verification: something that one has, and the finger or the PIN that opens it. What the server
/// asked is sealed and goes with the question, so that a question costs the server nothing; an answer opens once.
/// </summary>
internal sealed class Passkeys(
    UserManager<Person> people,
    IPasskeyHandler<Person> handler,
    ClinicDb db,
    IDataProtectionProvider protection,
    IHttpContextAccessor request,
    TimeProvider clock
)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _seal = protection.CreateProtector("Fiducial passkey question");

    /// <param name="Asked">Whose passkey is asked for; empty: anybody's.</param>
    /// <param name="IsNew">The question is for a new passkey.</param>
    private sealed record Question(Guid Id, string Asked, bool IsNew, string State, DateTimeOffset Until);

    private HttpContext Http =>
        request.HttpContext ?? throw new InvalidOperationException("A passkey is asked for by a request alone.");

    public async Task<IReadOnlyList<UserPasskeyInfo>> OfAsync(Person person) =>
        [.. (await people.GetPasskeysAsync(person)).OrderBy(p => p.CreatedAt)];

    /// <summary>What a browser needs to ask for a passkey: <c>{"question": …, "options": …}</c>. Anybody's when nobody is named.</summary>
    public async Task<JsonObject> AskAsync(Person? person)
    {
        var made = await handler.MakeRequestOptionsAsync(person, Http);
        return Sealed(person?.Id ?? "", isNew: false, made.AssertionState, made.RequestOptionsJson);
    }

    /// <summary>The same for a new passkey of this person.</summary>
    public async Task<JsonObject> AskForNewAsync(Person person)
    {
        var made = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = person.Id,
                Name = person.UserName!,
                DisplayName = person.DisplayName,
            },
            Http
        );
        return Sealed(person.Id, isNew: true, made.AttestationState, made.CreationOptionsJson);
    }

    /// <summary>Whose passkey answered; null when the answer is not right, came too late, or was used before.</summary>
    public async Task<Person?> WhoAsync(string answer, Person? asked, CancellationToken ct)
    {
        if (Opened(answer, isNew: false) is not var (question, credential) || question.Asked != (asked?.Id ?? ""))
        {
            return null;
        }
        var result = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = Http,
                CredentialJson = credential,
                AssertionState = question.State,
            }
        );
        if (!result.Succeeded || (asked is not null && result.User.Id != asked.Id) || !await IsFirstAsync(question, ct))
        {
            return null;
        }
        // With its new signature counter.
        return (await people.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Succeeded ? result.User : null;
    }

    /// <summary>Keeps a new passkey under a name; false when the answer is not right.</summary>
    public async Task<bool> AddAsync(Person person, string answer, string name, CancellationToken ct)
    {
        if (Opened(answer, isNew: true) is not var (question, credential) || question.Asked != person.Id)
        {
            return false;
        }
        var result = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = Http,
                CredentialJson = credential,
                AttestationState = question.State,
            }
        );
        if (!result.Succeeded || !result.Passkey.IsUserVerified || !await IsFirstAsync(question, ct))
        {
            return false;
        }
        result.Passkey.Name = name;
        return (await people.AddOrUpdatePasskeyAsync(person, result.Passkey)).Succeeded
            && (await people.UpdateSecurityStampAsync(person)).Succeeded;
    }

    /// <summary>Removes a passkey by its id in Base64url, with a new security stamp.</summary>
    public async Task RemoveAsync(Person person, string id)
    {
        if ((await OfAsync(person)).FirstOrDefault(p => IdOf(p) == id) is { } passkey)
        {
            await people.RemovePasskeyAsync(person, passkey.CredentialId);
            await people.UpdateSecurityStampAsync(person);
        }
    }

    /// <summary>
    /// Whether an answer was made at a page of this house (WebAuthn 13.4.9). The framework's own rule reads the header Origin, which our
    /// forms do not send: their pages say no-referrer.
    /// </summary>
    public static bool IsOfThisHouse(PasskeyOriginValidationContext answer, string domain) =>
        !answer.CrossOrigin
        && Uri.TryCreate(answer.Origin, UriKind.Absolute, out var origin)
        && (origin.Scheme is "https" || origin.Host is "localhost")
        && (
            domain.Length > 0
                ? origin.Host == domain || origin.Host.EndsWith($".{domain}", StringComparison.Ordinal)
                : origin.Authority == answer.HttpContext.Request.Host.Value
        );

    public static string IdOf(UserPasskeyInfo passkey) =>
        System.Buffers.Text.Base64Url.EncodeToString(passkey.CredentialId);

    private JsonObject Sealed(string asked, bool isNew, string? state, string options)
    {
        var question = new Question(Guid.NewGuid(), asked, isNew, state ?? "", clock.GetUtcNow() + Life);
        return new JsonObject
        {
            ["question"] = _seal.Protect(JsonSerializer.Serialize(question)),
            ["options"] = JsonNode.Parse(options),
        };
    }

    // {"question": what was sealed, "credential": what the browser made of it}
    private (Question, string)? Opened(string answer, bool isNew)
    {
        try
        {
            var json = JsonNode.Parse(answer);
            var question = JsonSerializer.Deserialize<Question>(_seal.Unprotect((string?)json?["question"] ?? ""));
            return
                question is not null
                && question.IsNew == isNew
                && question.Until > clock.GetUtcNow()
                && json?["credential"] is JsonObject credential
                ? (question, credential.ToJsonString())
                : null;
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or System.Security.Cryptography.CryptographicException
                        or FormatException
            )
        {
            return null;
        }
    }

    private async Task<bool> IsFirstAsync(Question question, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        await db.Set<AnsweredQuestion>().Where(a => a.Until < now).ExecuteDeleteAsync(ct);
        var until = question.Until.ToUnixTimeSeconds();
        return await db.Database.ExecuteSqlAsync(
                $"""INSERT INTO passkey_answers ("Id", "Until") VALUES ({question.Id}, {until}) ON CONFLICT DO NOTHING""",
                ct
            ) == 1;
    }
}

/// <summary>A question that a passkey has answered: until it ends by itself, it is not answered again.</summary>
internal sealed class AnsweredQuestion
{
    public required Guid Id { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Until { get; init; }
}
