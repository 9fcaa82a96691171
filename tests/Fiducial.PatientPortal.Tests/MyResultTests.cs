using System.Net;

namespace Fiducial.PatientPortal.Tests;

/// <summary>What a patient sees of an exam: truthful steps always, content once the doctor has released it.</summary>
public abstract class MyResultTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_patient_reads_the_note_first_and_then_the_report_once_it_is_released()
    {
        var exam = await Clinic.ExamAsync(Chapter.Released);
        var page = await Clinic.Patient.OpensResult(exam);
        page.Status.Should().Be(HttpStatusCode.OK);
        page.Words.Should().Contain("There is a fine crack in your wrist").And.Contain("Hairline fracture");
        page.Words.IndexOf("fine crack", StringComparison.Ordinal)
            .Should()
            .BeLessThan(page.Words.IndexOf("Hairline fracture", StringComparison.Ordinal));
        await Clinic.ContinueAsync(exam, Chapter.Closed, Chapter.Closed);
        (await Clinic.LedgerAsync(exam)).Select(e => e.Step).Should().Contain(["L11", "U11"]);
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }
}

public sealed class MyResultOnSqliteTests(ClinicOnSqlite clinic) : MyResultTests(clinic);

public sealed class MyResultOnPostgresTests(ClinicOnPostgres clinic) : MyResultTests(clinic);
