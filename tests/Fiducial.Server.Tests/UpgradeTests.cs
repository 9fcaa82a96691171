using Fiducial.Foundation.Storage;
using Fiducial.Pathway.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>A clinic that was opened with an earlier version is opened with this one.</summary>
public class UpgradeTests
{
    private const string BeforeCredentials = "AuditChain";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Licences_that_stood_with_a_person_become_credentials(bool onPostgres)
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-upgrade-");
        var services = new ServiceCollection().AddLogging();
        ClinicApp.AddRooms(
            services,
            new ClinicOptions
            {
                Data = folder.FullName,
                Database = onPostgres ? await TemporaryPostgres.NewDatabaseAsync() : "",
            }
        );
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await db.GetService<IMigrator>().MigrateAsync(BeforeCredentials);
        await HireAsync(db, "rado", "RAD", "CPSA 20817", isActive: true, "DX,CT");
        await HireAsync(db, "tessa", "TECH", "ACMDTT 10442", isActive: true, "DX");
        await HireAsync(db, "otto", "REF", "CPSA 31999", isActive: false, "");

        await db.Database.MigrateAsync();

        var kept = await db.Set<Credential>()
            .OrderBy(c => c.PersonId)
            .ThenBy(c => c.Kind)
            .Select(c => new
            {
                c.PersonId,
                c.Kind,
                c.Number,
                c.Modalities,
            })
            .ToListAsync();
        kept.Select(c => $"{c.PersonId}: {c.Kind} {c.Number} {c.Modalities}".TrimEnd())
            .Should()
            .Equal(
                "rado: licence CPSA 20817",
                "rado: reader privilege CPSA 20817 DX,CT",
                "tessa: registration ACMDTT 10442 DX"
            );
        var today = DateOnly.FromDateTime(DateTime.UnixEpoch.AddYears(60));
        (await Standing.OfAsync(db, "rado", today)).IsLicensed.Should().BeTrue();
        (await Standing.OfAsync(db, "otto", today)).IsLicensed.Should().BeFalse("it was not active before");
        folder.Delete(recursive: true);
    }

    private static Task HireAsync(
        ClinicDb db,
        string name,
        string role,
        string credential,
        bool isActive,
        string modalities
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into people ("Id", "UserName", "NormalizedUserName", "DisplayName", "Role", "Credential", "LicenceActive", "Modalities",
                "EmailConfirmed", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
            values ({name}, {name}, {name.ToUpperInvariant()}, {name}, {role}, {credential}, {isActive}, {modalities},
                {false}, {false}, {false}, {false}, 0)
            """
        );
}
