using System.Security.Cryptography;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Law;
using Fiducial.Results.Duty;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>Who works here: adds people, lets them in and out, names who follows a doctor. Each answers null, or what is wrong.</summary>
internal sealed class KeepPeople(UserManager<Person> people, ClinicDb db, TimeProvider clock)
{
    /// <summary>Roles in which someone signs in.</summary>
    public static readonly IReadOnlyList<Role> Roles =
    [
        Role.CLK,
        Role.TECH,
        Role.RES,
        Role.RAD,
        Role.MDR,
        Role.REF,
        Role.COV,
        Role.CCD,
        Role.DEL,
        Role.PAT,
        Role.PRX,
        Role.CRD,
        Role.PHY,
        Role.PRV,
        Role.ADM,
    ];

    public async Task<string?> AddAsync(string name, string displayName, string role, string password)
    {
        if (!Roles.Any(r => r.ToString() == role))
        {
            return $"'{role}' is no role of a person: {string.Join(", ", Roles)}.";
        }
        if (displayName.Length == 0)
        {
            return "Give the name as others read it.";
        }
        var isDoctor = role is "REF" or "COV" or "MDR";
        var person = new Person
        {
            UserName = name,
            DisplayName = displayName,
            Role = role,
            LockoutEnabled = true,
            // The inbox in this house is where results go: there is no other place to try.
            EndpointVerifiedAt = isDoctor ? clock.GetUtcNow() : null,
        };
        var made = await people.CreateAsync(person, password);
        if (!made.Succeeded)
        {
            return Fault(made);
        }
        await people.ResetAuthenticatorKeyAsync(person);
        return null;
    }

    /// <summary>Shuts a person out from this moment on: sign-in, open sessions and tokens.</summary>
    public Task<string?> DisableAsync(string name) => LockAsync(name, DateTimeOffset.MaxValue);

    public Task<string?> EnableAsync(string name) => LockAsync(name, null);

    public async Task<string?> SetPasswordAsync(string name, string password)
    {
        if (await people.FindByNameAsync(name) is not { } person)
        {
            return Nobody(name);
        }
        foreach (var validator in people.PasswordValidators)
        {
            if (await validator.ValidateAsync(people, person, password) is { Succeeded: false } weak)
            {
                return Fault(weak);
            }
        }
        person.PasswordHash = people.PasswordHasher.HashPassword(person, password);
        await people.UpdateSecurityStampAsync(person);
        return null;
    }

    public async Task<string?> NameSuccessorAsync(
        string doctor,
        string custodian,
        string agreement,
        CancellationToken ct
    )
    {
        foreach (var name in (string[])[doctor, custodian])
        {
            if (await people.FindByNameAsync(name) is not { } person)
            {
                return Nobody(name);
            }
            if (person.Role is not ("REF" or "COV" or "MDR"))
            {
                return $"{person.DisplayName} is not a doctor to whom results go.";
            }
        }
        if (doctor == custodian)
        {
            return "Somebody else follows a doctor.";
        }
        if (agreement.Length == 0)
        {
            return "Name the agreement in which the custodian has accepted.";
        }
        var row = await db.Set<Successor>().FirstOrDefaultAsync(s => s.DoctorId == doctor, ct);
        if (row is null)
        {
            db.Add(
                new Successor
                {
                    DoctorId = doctor,
                    CustodianId = custodian,
                    Agreement = agreement,
                    NamedAt = clock.GetUtcNow(),
                }
            );
        }
        else
        {
            (row.CustodianId, row.Agreement, row.NamedAt) = (custodian, agreement, clock.GetUtcNow());
        }
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>A password that nobody has thought of: 20 letters and figures, about 100 bits.</summary>
    public static string NewPassword() =>
        $"{RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 18)}-7aA";

    private async Task<string?> LockAsync(string name, DateTimeOffset? until)
    {
        if (await people.FindByNameAsync(name) is not { } person)
        {
            return Nobody(name);
        }
        person.LockoutEnabled = true;
        person.LockoutEnd = until;
        person.AccessFailedCount = 0;
        await people.UpdateSecurityStampAsync(person);
        return null;
    }

    private static string Nobody(string name) => $"Nobody here is called '{name}'.";

    private static string Fault(IdentityResult result) => string.Join(' ', result.Errors.Select(e => e.Description));
}
