using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

/// <summary>
/// After a whole walk through the house every column of every table that bears evidence is changed by hand, one after the other, and
/// every row is removed and doubled: verification finds each. What is not evidence is named here, with the reason.
/// </summary>
public abstract class EditedByHandTests(bool onPostgres, ITestOutputHelper output)
{
    private static readonly string[] Evidence =
    [
        "ledger",
        "exams",
        "images",
        "patients",
        "report_versions",
        "inbox",
        "reviews",
        "discussions",
        "patient_notes",
        "coverage",
        "relationships",
    ];

    // Work in progress, machinery, and registers that change in daily work and have no ledger of their own yet.
    private static readonly string[] NoEvidence =
    [
        "report_drafts",
        "performed_steps",
        "performed_step_exams",
        "timers",
        "notices",
        "cover",
        "masks",
        "office_drafts",
        "display_sets",
        "workstations",
        "outbox",
        "feed_position",
        "people",
        "people_claims",
        "people_logins",
        "people_tokens",
        "people_passkeys",
        "passkey_answers",
        "sessions",
        "credentials",
        "person_notices",
        "successors",
        "delegations",
        "contact_attempts",
        "audit_feeds",
    ];

    // Evidence that this walk does not make: tried where it is made (WrittenWordsTests; the chain of looks in AuditTests; proxies in EdgeCaseTests G18).
    private static readonly string[] Elsewhere =
    [
        "step_words",
        "preliminary_reports",
        "merges",
        "proxies",
        "proxy_entries",
        "audit",
        "audit_seals",
        "audit_seal_heads",
    ];

    // The number that the database gives a row says nothing; telephone and day of registration identify nobody.
    private static readonly string[] SaysNothing =
    [
        "ledger.Id",
        "images.Id",
        "report_versions.Id",
        "inbox.Id",
        "reviews.Id",
        "discussions.Id",
        "patient_notes.Id",
        "coverage.Id",
        "relationships.Id",
        "patients.Phone",
        "patients.MergedInto",
        "patients.RegisteredAt",
    ];

    [Fact]
    public async Task Every_column_that_is_edited_by_hand_every_row_that_is_removed_or_added_is_found()
    {
        // A clinic of its own: each edit holds the database for a moment.
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Closed);
        (await clinic.FaultsAsync()).Should().BeEmpty();
        var unseen = new List<string>();
        var tried = 0;
        await using var scope = clinic.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var verifier = scope.ServiceProvider.GetRequiredService<LedgerVerifier>();
        Tables(db)
            .Select(t => t.Name)
            .Should()
            .BeEquivalentTo([.. Evidence, .. NoEvidence, .. Elsewhere], "each table is one or the other");
        foreach (var table in Tables(db).Where(t => Evidence.Contains(t.Name)))
        {
            var row = table.Name switch
            {
                "exams" => $" where \"Id\" = {Literal(db, exam)}",
                "patients" => " where \"PatientId\" = 'FID-0001'",
                "ledger" => $" where \"ExamId\" = {Literal(db, exam)} and \"Sequence\" = 3",
                _ => $" where \"ExamId\" = {Literal(db, exam)}",
            };
            foreach (var column in table.Columns.Where(c => !SaysNothing.Contains($"{table.Name}.{c.Name}")))
            {
                await TryAsync($"update {table.Name} set \"{column.Name}\" = {Other(column)}{row}");
            }
            await TryAsync($"delete from {table.Name}{row}");
            if (table.Columns.Any(c => c.Name is "Id") && table.Name is not "exams")
            {
                // A second row like the first: with another UID where one must be unique.
                var columns = table.Columns.Where(c => c.Name is not "Id").ToList();
                string Copy(IColumn c) =>
                    c.Name is "SopInstanceUid" or "ReaderId" ? $"\"{c.Name}\" || '.9'"
                    : c.Name is "Sequence" or "Version" ? $"\"{c.Name}\" + 1000"
                    : $"\"{c.Name}\"";
                if (table.Name is not "coverage")
                {
                    await TryAsync(
                        $"insert into {table.Name} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) select {string.Join(", ", columns.Select(Copy))} from {table.Name}{row}"
                    );
                }
            }
        }
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{tried} edits by hand, {unseen.Count} not found")
        );
        unseen.Should().BeEmpty();
        tried.Should().BeGreaterThan(120);
        (await clinic.FaultsAsync()).Should().BeEmpty("every edit was rolled back");

        async Task TryAsync(string sql)
        {
            tried++;
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var rows = await db.Database.ExecuteSqlRawAsync(
                sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)
            );
            rows.Should().BePositive(sql);
            if ((await verifier.FaultsAsync(CancellationToken.None)).Count == 0)
            {
                unseen.Add(sql);
            }
            await transaction.RollbackAsync();
        }
    }

    private static IEnumerable<ITable> Tables(ClinicDb db) => db.Model.GetRelationalModel().Tables;

    // A value that the column does not have anywhere.
    private static string Other(IColumn column)
    {
        var type =
            Nullable.GetUnderlyingType(column.PropertyMappings[0].Property.ClrType)
            ?? column.PropertyMappings[0].Property.ClrType;
        var name = $"\"{column.Name}\"";
        return type switch
        {
            _ when column.StoreType is "uuid" => $"'{Guid.NewGuid()}'",
            _ when type == typeof(Guid) => $"'{Guid.NewGuid().ToString().ToUpperInvariant()}'",
            _ when column.StoreType is "timestamp with time zone" =>
                $"coalesce({name}, timestamptz '2001-01-01') + interval '1 second'",
            _ when column.StoreType is "date" => $"{name} + 1",
            _ when type == typeof(DateOnly) => "'2001-01-01'",
            _ when type == typeof(DateTimeOffset) => $"coalesce({name}, 0) + 10000000",
            _ when column.StoreType is "boolean" => $"not {name}",
            _ when type == typeof(bool) => $"1 - {name}",
            _ when type == typeof(string) => $"{name} || '.'",
            _ when type == typeof(double) => $"{name} * 0.5",
            _ => $"{name} + 1000",
        };
    }

    private static string Literal(ClinicDb db, Guid id) =>
        db.IsPostgres ? $"'{id}'" : $"'{id.ToString().ToUpperInvariant()}'";
}

public sealed class EditedByHandOnSqliteTests(ITestOutputHelper output) : EditedByHandTests(onPostgres: false, output);

public sealed class EditedByHandOnPostgresTests(ITestOutputHelper output) : EditedByHandTests(onPostgres: true, output);
