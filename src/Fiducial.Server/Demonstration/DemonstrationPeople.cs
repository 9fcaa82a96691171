using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Patients;
using Fiducial.ReadingRoom.Storage;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration;

/// <summary>People for every role, four patients, and a reading workstation: in a demonstration folder alone.</summary>
internal sealed class DemonstrationPeople(UserManager<Person> people, ClinicDb db, TimeProvider clock)
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
                Credential = "ACMDTT 10442",
                Modalities = "DX,CT,MR,US,NM,MG",
            },
            new()
            {
                UserName = "rado",
                DisplayName = "Dr Rado Radiologist",
                Role = "RAD",
                Credential = "CPSA 20817",
                Modalities = "DX,CT,MR,US,NM,MG",
            },
            new()
            {
                UserName = "rita",
                DisplayName = "Dr Rita Referrer",
                Role = "REF",
                Credential = "CPSA 31250",
                EndpointVerifiedAt = now,
            },
            new()
            {
                UserName = "otto",
                DisplayName = "Dr Otto Other",
                Role = "REF",
                Credential = "CPSA 31999",
                EndpointVerifiedAt = now,
            },
            new()
            {
                UserName = "mona",
                DisplayName = "Dr Mona Director",
                Role = "MDR",
                Credential = "CPSA 10001",
                Modalities = "DX,CT,MR,US,NM,MG",
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
                UserName = "prisca",
                DisplayName = "Prisca Privacy",
                Role = "PRV",
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
            }
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
    }
}
