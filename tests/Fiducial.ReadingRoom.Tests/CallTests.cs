namespace Fiducial.ReadingRoom.Tests;

/// <summary>A critical finding: signed with its category, called, read back, and on top of the doctor's inbox.</summary>
public abstract class CallTests(SharedClinic shared) : RoomTests(shared)
{
    private const string Message = "Fracture: see the patient today.";

    [Fact]
    public async Task A_critical_finding_is_called_until_a_doctor_has_read_it_back()
    {
        var exam = await RaisedAsync();
        var path = $"/reading-room/exams/{exam}";
        (await Clinic.Radiologist.Opens("/reading-room")).Words.Should().Contain("call now");

        (await Clinic.Radiologist.FillsIn(path, $"{path}/call", ("target", "Dr Otto Other")))
            .Refusal.Should()
            .Contain("critical contact of the referral");
        var contact = (await Clinic.ExamAsync(exam)).CriticalContact;
        (await Clinic.Radiologist.FillsIn(path, $"{path}/call", ("target", contact), ("outcome", "no answer")))
            .Words.Should()
            .Contain($"called {contact}: no answer");
        (await ReadBackAsync(exam, "No fracture: see the patient today."))
            .Refusal.Should()
            .Contain("What was read back is not the message");
        (await ReadBackAsync(exam, Message)).Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Alert.Should().Be("satisfied");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_doctors_inbox_has_it_on_top_and_says_who_read_it_back()
    {
        await Clinic.ExamAsync(Chapter.Signed);
        var exam = await RaisedAsync();
        var inbox = await Clinic.Referrer.Opens("/office");
        inbox.Document.QuerySelector("table.list tbody tr")!.TextContent.Should().Contain("critical");
        (await Clinic.Referrer.Opens($"/office/exams/{exam}")).Words.Should().Contain("Nobody has read it back yet");
        var contact = (await Clinic.ExamAsync(exam)).CriticalContact;
        var path = $"/reading-room/exams/{exam}";
        await Clinic.Radiologist.FillsIn(path, $"{path}/call", ("target", contact));
        await ReadBackAsync(exam, Message);
        (await Clinic.Referrer.Opens($"/office/exams/{exam}"))
            .Words.Should()
            .Contain("read back")
            .And.Contain(Message)
            .And.NotContain("Nobody has read it back");
    }

    [Fact]
    public async Task To_everyone_but_radiologist_and_director_the_calls_do_not_exist()
    {
        var exam = await RaisedAsync();
        var path = $"/reading-room/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Radiologist, Clinic.MedicalDirector],
                [
                    .. ((string[])["raise", "call", "read-back", "tell-patient", "stand-down"]).Select(s =>
                        Door.Post($"{path}/{s}")
                    ),
                ]
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.Coordinator.Opens($"/coordination/exams/{exam}"))
            .Words.Should()
            .NotContainAny("ritical", "alert");
        (await Clinic.Clerk.Opens($"/front-desk/exams/{exam}"))
            .Words.Should()
            .NotContainAny("ritical finding", "alert");
    }

    private async Task<Guid> RaisedAsync()
    {
        var exam = await Clinic.ExamAsync(Chapter.Written);
        (await Clinic.Radiologist.TriesToSign(exam, ("alertCategory", "1"))).Refusal.Should().BeNull();
        await Clinic.WaitAsync(exam, e => e is { Alert: "raised", Delivery: "received" });
        return exam;
    }

    private Task<Page> ReadBackAsync(Guid exam, string words)
    {
        var path = $"/reading-room/exams/{exam}";
        return Clinic.Radiologist.FillsIn(path, $"{path}/read-back", ("message", Message), ("readBack", words));
    }
}

public sealed class CallOnSqliteTests(ClinicOnSqlite clinic) : CallTests(clinic);
