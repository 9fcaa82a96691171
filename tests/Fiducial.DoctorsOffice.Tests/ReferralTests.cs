using System.Net;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>A referral is a referral when nothing is missing in it.</summary>
public abstract class ReferralTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task A_referral_of_the_signed_list_is_protocolled_by_itself_and_stands_in_the_office()
    {
        var exam = await Clinic.Referrer.Refers(Clinic.Patient.PatientId);
        var order = await Clinic.WaitAsync(exam, e => e.Order is "protocolled");
        order.ResponsibleDoctorId.Should().Be("rita");
        (await Clinic.Referrer.Opens("/office")).Words.Should().Contain(order.AccessionNumber);
        (await Clinic.OtherReferrer.Opens("/office")).Words.Should().NotContain(order.AccessionNumber);
        (await Clinic.LedgerAsync(exam)).Select(e => (e.Step, e.Taken)).Should().Equal(("O1", true), ("O6", true));
    }

    [Theory]
    [InlineData("laterality", "", "name the side")]
    [InlineData("laterality", "X", "name the side")]
    [InlineData("patientId", "nobody", "not registered")]
    [InlineData("protocolCode", "XR-SOUL", "not in the protocol book")]
    [InlineData("indication", "", "indication is missing")]
    [InlineData("history", " ", "history is missing")]
    [InlineData("relationshipBasis", "", "relationship")]
    [InlineData("criticalContact", "", "critical findings")]
    [InlineData("releaseElection", "", "released")]
    [InlineData("accessionNumber", "12345678901234567", "1 to 16")]
    [InlineData("accessionNumber", "A*", "1 to 16")]
    [InlineData("accessionNumber", @"A\B", "1 to 16")]
    public async Task A_referral_with_something_wrong_is_refused_with_the_reason(
        string field,
        string value,
        string reason
    )
    {
        var fields = Order((field, value));
        var answer = await Clinic.Referrer.Posts("/office/refer", fields);
        var page = await Clinic.Referrer.FollowsAsync(answer);
        page.Refusal.Should().Contain(reason);
        var exam = Guid.Parse(answer.Location!.Split('/', '?')[3]);
        (await Clinic.LastRefusalAsync(exam, "O1", Clinic.Referrer)).Reason.Should().Be(page.Refusal);
        // Nobody else reads the reason, though the address be known.
        (await Clinic.OtherReferrer.Opens(answer.Location))
            .Refusal.Should()
            .BeNull();
    }

    [Fact]
    public async Task An_accession_number_is_given_once()
    {
        var number = Referrer.NewAccession();
        await Clinic.Referrer.Refers(Clinic.Patient.PatientId, ("accessionNumber", number));
        var page = await Clinic.Referrer.FollowsAsync(
            await Clinic.Referrer.Posts("/office/refer", Order(("accessionNumber", number)))
        );
        page.Refusal.Should().Contain("must be new");
    }

    [Fact]
    public async Task What_the_form_does_not_ask_for_does_not_become_evidence()
    {
        var number = Referrer.NewAccession();
        await Clinic.Referrer.Posts(
            "/office/refer",
            Order(
                ("accessionNumber", number),
                ("responsibleDoctorId", "otto"),
                ("patientName", "Somebody^Else"),
                ("invented", "x")
            )
        );
        var exam = await Clinic.InDatabaseAsync(db =>
            Task.FromResult(db.Set<Pathway.Exams.ExamRecord>().Single(e => e.AccessionNumber == number))
        );
        (exam.ResponsibleDoctorId, exam.PatientName).Should().Be(("rita", "Patient^Paul"));
        (await Clinic.LedgerAsync(exam.Id))[0].Evidence.Should().NotContain("invented").And.NotContain("otto");
    }

    [Fact]
    public async Task Script_in_a_referral_is_text_in_every_room()
    {
        const string script = "<script>alert(1)</script>";
        var exam = await Clinic.Referrer.Refers(
            Clinic.Patient.PatientId,
            ("indication", script),
            ("history", script),
            ("criticalContact", script)
        );
        await Clinic.WaitAsync(exam, e => e.Order is "protocolled");
        await Clinic.ContinueAsync(exam, Chapter.Booked, Chapter.Signed);
        foreach (
            var page in (Page[])
                [
                    await Clinic.Radiologist.Opens($"/reading-room/exams/{exam}"),
                    await Clinic.Referrer.Opens($"/office/exams/{exam}"),
                    await Clinic.Clerk.Opens($"/front-desk/exams/{exam}"),
                ]
        )
        {
            page.Status.Should().Be(HttpStatusCode.OK);
            page.Document.Scripts.Should().OnlyContain(s => s.Source != null && s.Source.Length > 0);
        }
    }

    private List<(string, string)> Order(params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["patientId"] = Clinic.Patient.PatientId,
            ["protocolCode"] = "XR-WRIST",
            ["laterality"] = "L",
            ["indication"] = "fall",
            ["history"] = "none known",
            ["relationshipBasis"] = "family doctor",
            ["criticalContact"] = "555-0100",
            ["releaseElection"] = "after my doctor has read it",
            ["implant"] = "no",
            ["pregnancy"] = "no",
            ["renal"] = "no",
            ["allergy"] = "no",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }
        return [.. fields.Select(f => (f.Key, f.Value))];
    }
}

public sealed class ReferralOnSqliteTests(ClinicOnSqlite clinic) : ReferralTests(clinic);

public sealed class ReferralOnPostgresTests(ClinicOnPostgres clinic) : ReferralTests(clinic);
