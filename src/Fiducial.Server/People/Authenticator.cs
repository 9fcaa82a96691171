using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>
/// The second factor: the code of an authenticator (RFC 6238) by the clinic's clock, or a passkey. A code opens once: whoever looks over
/// a shoulder has seen nothing (5.2). It is used before the step that it opens, and given back when that is refused, so that of two servers
/// one alone finds it unused, and nobody waits for the next code to correct a form.
/// </summary>
internal sealed class Authenticator(
    UserManager<Person> people,
    Passkeys passkeys,
    RecoveryCodes recovery,
    LockOut lockOut,
    ClinicDb db,
    ClinicOptions clinic,
    TimeProvider clock
) : ISecondFactor
{
    // Where ASP.NET Core Identity itself keeps it.
    private const string Store = "[AspNetUserStore]";
    private const string Key = "AuthenticatorKey";
    private const string Provider = "Fiducial";
    private const string NewKey = "new authenticator";

    // RFC 6238 5.2: one step either way, for the time that typing takes and clocks that differ.
    private const int Tolerance = 1;

    // Who was let through in this request and has not yet been settled, and of a code its step and the one that was used before it.
    private Person? _shown;
    private (long Step, long Before)? _used;

    public async Task<bool> VerifyAsync(string personId, string answer, CancellationToken ct = default)
    {
        (_shown, _used) = (null, null);
        if (
            answer.Length == 0
            || await people.FindByNameAsync(personId) is not { } person
            || !await lockOut.BeginAsync(person, ct)
            || await KindAsync(person, answer, ct) is null
        )
        {
            return false;
        }
        await lockOut.TakeBackAsync(person, ct);
        _shown = person;
        return true;
    }

    public async Task SettleAsync(bool taken, CancellationToken ct = default)
    {
        var (person, used) = (_shown, _used);
        (_shown, _used) = (null, null);
        if (person is null)
        {
            return;
        }
        if (taken)
        {
            await lockOut.ForgetAsync(person, ct);
        }
        else if (used is { } code)
        {
            // A later code that was used since stays used, and this one with it.
            await db.Set<Person>()
                .Where(p => p.Id == person.Id && p.LastCodeStep == code.Step)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.LastCodeStep, code.Before), ct);
            await db.Entry(person).ReloadAsync(ct);
        }
    }

    /// <summary>At sign-in: what was shown, in words, or null when it was wrong or the account is locked. Here a recovery code opens, too.</summary>
    public async Task<string?> ShownAsync(Person person, string answer, CancellationToken ct)
    {
        if (!await lockOut.BeginAsync(person, ct))
        {
            return null;
        }
        var shown = RecoveryCodes.LooksLikeOne(answer)
            ? await recovery.RedeemAsync(person, answer)
                ? "recovery code"
                : null
            : await KindAsync(person, answer, ct);
        if (shown is not null)
        {
            await lockOut.ForgetAsync(person, ct);
        }
        return shown;
    }

    public async Task<bool> IsEnrolledAsync(string personId, CancellationToken ct = default) =>
        clinic.IsDemonstration || (await people.FindByNameAsync(personId) is { } person && await HasOwnAsync(person));

    /// <summary>Whether the person has enrolled something, and is asked at sign-in.</summary>
    public async Task<bool> HasOwnAsync(Person person) =>
        person.TwoFactorEnabled || (await passkeys.OfAsync(person)).Count > 0;

    public async Task<string?> DemonstrationCodeAsync(string personId, CancellationToken ct = default) =>
        clinic.IsDemonstration
        && await people.FindByNameAsync(personId) is { TwoFactorEnabled: false } person
        && await people.GetAuthenticatorKeyAsync(person) is { } key
            ? TimeCode.Of(key, Math.Max(TimeCode.StepAt(clock.GetUtcNow()), person.LastCodeStep + 1))
            : null;

    /// <summary>A key that waits for the first code of the authenticator which has read it; the present one stays good until then.</summary>
    public Task BeginAsync(Person person) =>
        people.SetAuthenticationTokenAsync(person, Provider, NewKey, TimeCode.NewKey());

    /// <summary>The key that waits; null when none does.</summary>
    public Task<string?> WaitingKeyAsync(Person person) => people.GetAuthenticationTokenAsync(person, Provider, NewKey);

    public Task GiveUpAsync(Person person) => people.RemoveAuthenticationTokenAsync(person, Provider, NewKey);

    /// <summary>The authenticator shows that it has the new key: from now on it is asked for. False when the code is not of it.</summary>
    public async Task<bool> ConfirmAsync(Person person, string code, CancellationToken ct)
    {
        if (
            await WaitingKeyAsync(person) is not { } key
            || !await lockOut.BeginAsync(person, ct)
            || FindStep(key, code, after: 0) is not { } step
        )
        {
            return false;
        }
        await lockOut.ForgetAsync(person, ct);
        person.LastCodeStep = step;
        await people.SetAuthenticationTokenAsync(person, Store, Key, key);
        await GiveUpAsync(person);
        // With a new security stamp, which ends every other session.
        return (await people.SetTwoFactorEnabledAsync(person, enabled: true)).Succeeded;
    }

    /// <summary>Forgets the authenticator, and the recovery codes when there is nothing left to recover.</summary>
    public async Task RemoveAsync(Person person)
    {
        await people.RemoveAuthenticationTokenAsync(person, Store, Key);
        if ((await passkeys.OfAsync(person)).Count == 0)
        {
            await recovery.ForgetAsync(person);
        }
        await GiveUpAsync(person);
        await people.SetTwoFactorEnabledAsync(person, enabled: false);
    }

    private async Task<string?> KindAsync(Person person, string answer, CancellationToken ct) =>
        answer.StartsWith('{')
            ? await passkeys.WhoAsync(answer, person, ct) is null
                ? null
                : "passkey"
            : await IsRightAsync(person, answer, ct)
                ? "authenticator"
                : null;

    private async Task<bool> IsRightAsync(Person person, string code, CancellationToken ct)
    {
        if (
            (!person.TwoFactorEnabled && !clinic.IsDemonstration)
            || await people.GetAuthenticatorKeyAsync(person) is not { } key
            || FindStep(key, code, person.LastCodeStep) is not { } step
        )
        {
            return false;
        }
        // Of two who bring a code at once, one finds that another was used since; so what is given back is what stood there.
        var before = person.LastCodeStep;
        var used = await db.Set<Person>()
            .Where(p => p.Id == person.Id && p.LastCodeStep == before)
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.LastCodeStep, step), ct);
        await db.Entry(person).ReloadAsync(ct);
        _used = used == 1 ? (step, before) : null;
        return used == 1;
    }

    // The demonstration's authenticator, which is on the page, turns to its next code as soon as one was used: nobody waits there.
    private long? FindStep(string key, string code, long after)
    {
        var now = TimeCode.StepAt(clock.GetUtcNow());
        var last = clinic.IsDemonstration ? Math.Max(now + Tolerance, after + 1) : now + Tolerance;
        return TimeCode.Find(key, code, Math.Max(now - Tolerance, after + 1), last);
    }
}
