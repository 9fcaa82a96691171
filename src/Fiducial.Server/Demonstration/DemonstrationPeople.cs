using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.ReadingRoom.Storage;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration;

/// <summary>People for every role, five patients, and a reading workstation: in a demonstration folder alone.</summary>
internal sealed class DemonstrationPeople(
    UserManager<Person> people,
    ClinicDb db,
    KeepCredentials credentials,
    KeepProxies proxies,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    public const string Password = "Demonstration-1";

    public async Task MoveInAsync()
    {
        if (await people.Users.AnyAsync())
        {
            return;
        }
        var now = clock.GetUtcNow();
        Person[] all =
        [
            new()
            {
                UserName = "clara",
                DisplayName = "Clara Clerk",
                Role = "CLK",
            },
            new()
            {
                UserName = "tessa",
                DisplayName = "Tessa Technologist",
                Role = "TECH",
            },
            new()
            {
                UserName = "rado",
                DisplayName = "Dr Rado Radiologist",
                Role = "RAD",
            },
            new()
            {
                UserName = "rita",
                DisplayName = "Dr Rita Referrer",
                Role = "REF",
                EndpointVerifiedAt = now,
            },
            new()
            {
                UserName = "otto",
                DisplayName = "Dr Otto Other",
                Role = "REF",
                EndpointVerifiedAt = now,
            },
            new()
            {
                UserName = "mona",
                DisplayName = "Dr Mona Director",
                Role = "MDR",
                EndpointVerifiedAt = now,
            },
            new()
            {
                UserName = "cora",
                DisplayName = "Cora Coordinator",
                Role = "CRD",
            },
            new()
            {
                UserName = "paul",
                DisplayName = "Paul Patient",
                Role = "PAT",
            },
            new()
            {
                UserName = "petra",
                DisplayName = "Petra Patient",
                Role = "PAT",
            },
            new()
            {
                UserName = "toni",
                DisplayName = "Toni Teen",
                Role = "PAT",
            },
            new()
            {
                UserName = "pam",
                DisplayName = "Pam Parent",
                Role = "PRX",
            },
            new()
            {
                UserName = "prisca",
                DisplayName = "Prisca Privacy",
                Role = "PRV",
            },
            new()
            {
                UserName = "nell",
                DisplayName = "Nell Nurse",
                Role = "DEL",
            },
            new()
            {
                UserName = "adam",
                DisplayName = "Adam Administrator",
                Role = "ADM",
            },
        ];
        foreach (var person in all)
        {
            var made = await people.CreateAsync(person, Password);
            if (!made.Succeeded)
            {
                throw new InvalidOperationException(string.Join(' ', made.Errors.Select(e => e.Description)));
            }
            await people.ResetAuthenticatorKeyAsync(person);
        }
        await CredentialsAsync(now);
        db.AddRange(
            new PatientRecord
            {
                PatientId = "FID-0001",
                Name = "Patient^Paul",
                BirthDate = "19790412",
                Sex = "M",
                PersonId = "paul",
                RegisteredAt = now,
            },
            new PatientRecord
            {
                PatientId = "FID-0002",
                Name = "Patient^Petra",
                BirthDate = "19660930",
                Sex = "F",
                PersonId = "petra",
                RegisteredAt = now,
            },
            new PatientRecord
            {
                PatientId = "FID-0003",
                Name = "Sample^Sam",
                BirthDate = "19511102",
                Sex = "M",
                RegisteredAt = now,
            },
            Minor("FID-0004", "Child^Cleo", 9, "F", "", now),
            Minor("FID-0005", "Teen^Toni", 17, "F", "toni", now)
        );
        db.Add(
            new DisplaySet
            {
                Id = "station-1",
                Name = "Reading station 1 (two of 2048 x 2560)",
                Pixels = 2L * 2048 * 2560,
                CheckedAt = now.AddDays(-3),
                ValidUntil = now.AddDays(362),
            }
        );
        db.Add(
            new DisplaySet
            {
                Id = "office-pc",
                Name = "Office screen",
                Pixels = 1920L * 1080,
                CheckedAt = now.AddDays(-3),
                ValidUntil = now.AddDays(362),
            }
        );
        await db.SaveChangesAsync();
        await ParentsAsync("FID-0004", "FID-0005");
    }

    // A birthday some weeks ago: of the same age whenever the demonstration opens.
    private PatientRecord Minor(string id, string name, int age, string sex, string person, DateTimeOffset now) =>
        new()
        {
            PatientId = id,
            Name = name,
            BirthDate = calendar
                .LocalDate(now)
                .AddYears(-age)
                .AddDays(-40)
                .ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            Sex = sex,
            PersonId = person,
            RegisteredAt = now,
        };

    private async Task ParentsAsync(params string[] children)
    {
        var clerk = new Actor
        {
            Id = "clara",
            Name = "Clara Clerk",
            Role = Role.CLK,
        };
        foreach (var child in children)
        {
            var parent = new NewProxy(child, "pam", ProxyBasis.Parent, "birth certificate, copy in the file");
            if (await proxies.RecordAsync(parent, clerk) is { } fault)
            {
                throw new InvalidOperationException(fault);
            }
        }
    }

    private async Task CredentialsAsync(DateTimeOffset now)
    {
        const string every = "DX,CT,MR,US,NM,MG";
        (string Person, string Kind, string Body, string Number, string Modalities)[] all =
        [
            ("tessa", CredentialKind.Registration, "ACMDTT", "10442", every),
            ("rado", CredentialKind.Licence, "CPSA", "20817", ""),
            ("rado", CredentialKind.ReaderPrivilege, "Fiducial Imaging", "R-1", every),
            ("rita", CredentialKind.Licence, "CPSA", "31250", ""),
            ("otto", CredentialKind.Licence, "CPSA", "31999", ""),
            ("mona", CredentialKind.Licence, "CPSA", "10001", ""),
            ("mona", CredentialKind.ReaderPrivilege, "Fiducial Imaging", "R-2", every),
        ];
        var today = calendar.LocalDate(now);
        foreach (var (person, kind, body, number, modalities) in all)
        {
            await credentials.AddAsync(
                new Credential
                {
                    PersonId = person,
                    Kind = kind,
                    IssuingBody = body,
                    Jurisdiction = "CA-AB",
                    Number = number,
                    Modalities = modalities,
                    From = today.AddYears(-5),
                    Until = new DateOnly(today.Year + 1, 12, 31),
                    VerifiedAt = now,
                    VerifiedBy = "adam",
                }
            );
        }
    }
}
