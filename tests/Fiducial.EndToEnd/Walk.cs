using System.Diagnostics;
using System.Globalization;
using Fiducial.Pathway.Exams;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>What is walked: whose exam, by which protocol, and the files that the modality sends once the exam is open.</summary>
internal sealed record Plan(
    string Name,
    string ProtocolCode,
    string PatientId,
    string PatientPerson,
    Func<ExamRecord, string, Task<IReadOnlyList<string>>> Images
);

/// <summary>
/// One exam from referral to the released result, each step by the person whose step it is, in a browser session of their own.
/// What is measured on the way is kept in <see cref="Figures"/>.
/// </summary>
internal sealed class Walk(House house, Plan plan) : IAsyncDisposable
{
    public const string Findings = "A solid nodule of 9 mm lies in the upper lobe.";
    public const string Impression = "Pulmonary nodule, suspicious.";
    public const string Recommendation = "PET-CT within two weeks";
    public const string Assessment = "Nodule in a smoker, malignancy is possible.";
    public const string TreatmentPlan = "PET-CT, then the chest clinic.";
    public const string Talk = "Explained the nodule and the next scan.";
    public const string Note = "There is a small spot on your lung that we want to look at more closely.";

    /// <summary>Words that only someone who knows the result could write.</summary>
    public static readonly string[] Telling = ["nodule", "suspicious", "PET-CT", "malignan", "chest clinic", "spot on"];

    // What follows by itself is promised within a second or two; this bound holds on a busy machine in Debug.
    private static readonly TimeSpan LatestAtAll = TimeSpan.FromSeconds(60);

    private readonly List<Visitor> _visitors = [];

    public Album Album { get; } = new(plan.Name);
    public List<string> Figures { get; } = [];
    public string Accession { get; } = $"E2E-{plan.Name}"[..Math.Min(16, plan.Name.Length + 4)].ToUpperInvariant();
    public Guid Exam { get; private set; }
    public IReadOnlyList<string> Sent { get; private set; } = [];
    public Visitor Clerk { get; private set; } = null!;
    public Visitor Technologist { get; private set; } = null!;
    public Visitor Radiologist { get; private set; } = null!;
    public Visitor Doctor { get; private set; } = null!;
    public Visitor Patient { get; private set; } = null!;
    public IEnumerable<string> Complaints => _visitors.SelectMany(v => v.Complaints);

    private OpenClinic Clinic => house.Clinic;

    public async Task SignInAsync()
    {
        Clerk = await SignInAsync("clara");
        Technologist = await SignInAsync("tessa");
        Radiologist = await SignInAsync("rado");
        Doctor = await SignInAsync("rita");
        Patient = await SignInAsync(plan.PatientPerson);
    }

    public async Task<Visitor> SignInAsync(string person)
    {
        var visitor = await house.SignInAsync(person, Album);
        _visitors.Add(visitor);
        return visitor;
    }

    public async Task ReferAsync()
    {
        await Doctor.GoAsync("/office/refer");
        await Doctor.LookAsync("refer");
        var form = Doctor.Form("/office/refer");
        await form.Locator("[name=patientId]").SelectOptionAsync(plan.PatientId);
        await form.Locator("[name=protocolCode]").SelectOptionAsync(plan.ProtocolCode);
        await form.Locator("[name=indication]").FillAsync("Cough for six weeks.");
        await form.Locator("[name=history]").FillAsync("Smoker, no earlier imaging.");
        await form.Locator("[name=accessionNumber]").FillAsync(Accession);
        await Doctor.SubmitAsync(form);
        await Doctor.LookAsync("inbox-with-the-referral");
    }

    /// <summary>The radiologist's protocol, where the exam is not on the list of those that need none.</summary>
    public async Task ProtocolAsync()
    {
        Exam = (await Clinic.ExamAsync(Accession)).Id;
        await Radiologist.GoAsync("/reading-room");
        await Radiologist.LookAsync("to-protocol");
        var form = Radiologist.Form($"{Exam}/protocol");
        await form.Locator("[name=appropriateness]").FillAsync("indicated");
        await form.Locator("[name=guidance]").FillAsync("without contrast");
        await Radiologist.SubmitAsync(form);
    }

    public async Task BookAndReceiveAsync()
    {
        await Clerk.OpenAsync("/front-desk", Exam);
        await Clerk.LookAsync("to-book");
        await Clerk.SubmitAsync(Clerk.Form("/book"));
        await Clerk.LookAsync("to-receive");
        var receive = Clerk.Form("/receive");
        await receive.Locator("[name=identifiers][value='full name']").CheckAsync();
        await receive.Locator("[name=identifiers][value='birth date']").CheckAsync();
        await receive.Locator("[name=photoOrCard]").SelectOptionAsync("health card");
        await Clerk.SubmitAsync(receive);
        await Clerk.LookAsync("received");
    }

    public async Task StartAsync()
    {
        await Technologist.OpenAsync("/exam-room", Exam);
        await Technologist.LookAsync("time-out");
        var form = Technologist.Form("/start");
        foreach (var check in (string[])["patient", "exam", "side"])
        {
            await form.Locator($"[name={check}]").CheckAsync();
        }
        await Technologist.SubmitAsync(form);
        await Technologist.LookAsync("slots-waiting");
    }

    /// <summary>storescu sends the files; the previews appear in the open page by themselves.</summary>
    public async Task SendAsync(string folder)
    {
        Sent = await plan.Images(await Clinic.ExamAsync(Accession), folder);
        var started = Stopwatch.StartNew();
        await Dcmtk.StoreAsync(Clinic.DicomPort, Sent);
        var answered = started.Elapsed;
        await PreviewsAsync(Technologist.Page, 1);
        Measure($"storescu of {Sent.Count} files", answered);
        Measure("its end to the preview in the open page", started.Elapsed - answered, LatestAtAll);
        await Clinic.WaitAsync(Accession, e => e.ImageCount == Sent.Count);
        await Technologist.Page.WaitForFunctionAsync(
            "n => document.querySelector('[name=manifest]')?.value === n",
            Sent.Count.ToString(CultureInfo.InvariantCulture)
        );
        await Technologist.LookAsync("previews");
    }

    public async Task CompleteAndDepartAsync()
    {
        var complete = Technologist.Form("/complete");
        await complete.Locator("[name=quality]").CheckAsync();
        await Technologist.SubmitAsync(complete);
        await Technologist.LookAsync("departure");
        await Clinic.WaitAsync(Accession, e => e.Report is "unread");
        var depart = Technologist.Form("/depart");
        await depart.Locator("[name=card]").CheckAsync();
        await Technologist.SubmitAsync(depart);
        await Technologist.LookAsync("departed");
    }

    public async Task OpenInReadingRoomAsync()
    {
        await Radiologist.OpenAsync("/reading-room", Exam);
        await Radiologist.Page.WaitForFunctionAsync(
            "() => window.fiducialViewer?.shadowRoot.querySelector('canvas.pixels')?.dataset.state === 'full'"
        );
        await Radiologist.LookAsync("viewer");
        await Radiologist.SubmitAsync(Radiologist.Form("/claim"));
    }

    /// <summary>Types the report, which saves itself.</summary>
    public async Task WriteReportAsync()
    {
        await Radiologist.TypeAsync("#report", "findings", Findings);
        await Radiologist.TypeAsync("#report", "impression", Impression);
        await Radiologist.TypeAsync("#report", "recommendations", Recommendation);
        await Radiologist.SavedAsync("#report");
    }

    /// <summary>Every image at 1:1, and the signature with the second factor.</summary>
    public async Task SignAsync()
    {
        await Radiologist.Page.ReloadAsync();
        await CoverAsync(Radiologist.Page);
        await Radiologist.LookAsync("report");
        var form = Radiologist.Page.Locator("form#sign");
        foreach (var question in await form.Locator("[name^='answer:']").AllAsync())
        {
            await question.FillAsync("checked");
        }
        await form.Locator("[name=alertCategory]").SelectOptionAsync("none");
        await form.Locator("[name=displaySet]").SelectOptionAsync("station-1");
        await form.Locator("[name=code]").FillAsync(await form.Locator("[data-code]").InnerTextAsync());
        var signed = Stopwatch.StartNew();
        var submitted = Radiologist.SubmitAsync(form);
        try
        {
            await Clinic.WaitAsync(Accession, e => e.Delivery is "received");
        }
        catch (TimeoutException)
        {
            await Radiologist.LookAsync("not-signed");
            throw;
        }
        Measure("the press of Sign to the report in the doctor's inbox", signed.Elapsed, LatestAtAll);
        await submitted;
        await Radiologist.LookAsync("signed");
    }

    public async Task ReadAndReviewAsync()
    {
        await Doctor.OpenAsync("/office", Exam);
        (await Doctor.Page.InnerTextAsync("main")).Should().Contain(Findings).And.Contain(Impression);
        await Doctor.LookAsync("report");
        await Doctor.SubmitAsync(Doctor.Form("/acknowledge"));
        await Doctor.LookAsync("to-review");
        var review = Doctor.Form("/review");
        await review.Locator("[name=assessment]").FillAsync(Assessment);
        await review.Locator("[name=plan]").FillAsync(TreatmentPlan);
        await review.Locator("[name=answer]").SelectOptionAsync("accepted");
        await Doctor.SubmitAsync(review);
        await Doctor.LookAsync("to-talk");
    }

    public async Task TalkAsync()
    {
        var talk = Doctor.Form("/discussion");
        await talk.Locator("[name=how]").SelectOptionAsync("telephone");
        await talk.Locator("[name=notes]").FillAsync(Talk);
        await Doctor.SubmitAsync(talk);
        await Doctor.LookAsync("to-release");
    }

    public async Task ReleaseAsync()
    {
        var release = Doctor.Form("/release");
        await release.Locator("[name=note]").FillAsync(Note);
        await Doctor.SubmitAsync(release);
        await Doctor.LookAsync("released");
    }

    public async Task ReadResultAsPatientAsync()
    {
        await Patient.GoAsync("/my");
        await Patient.LookAsync("released");
        await Patient.Page.Locator($"a[href='/my/exams/{Exam}']").ClickAsync();
        await Patient.Page.WaitForURLAsync($"**/my/exams/{Exam}");
        (await Patient.Page.InnerTextAsync("main"))
            .Should()
            .Contain(Note)
            .And.Contain(Findings)
            .And.Contain(Impression);
        await Patient.LookAsync("result");
    }

    public Task CloseAsync() => Doctor.SubmitAsync(Doctor.Form("/close"));

    public static Task PreviewsAsync(IPage page, int count) =>
        page.WaitForFunctionAsync(
            "n => { const all = [...document.querySelectorAll('img[data-image]')];"
                + " return all.length >= n && all.every(i => i.complete && i.naturalWidth > 0); }",
            count
        );

    /// <summary>Presses U, which goes to what has not been seen at 1:1, until all has been and the server knows.</summary>
    private static async Task CoverAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => window.fiducialViewer?.view");
        for (var press = 0; press < 200; press++)
        {
            if (await page.EvaluateAsync<bool>(ViewerWords.EverythingSeen))
            {
                break;
            }
            await page.EvaluateAsync("() => window.fiducialViewer.focus()");
            await page.Keyboard.PressAsync("u");
            await page.WaitForTimeoutAsync(40);
        }
        (await page.EvaluateAsync<bool>(ViewerWords.EverythingSeen)).Should().BeTrue("U leads to every image");
    }

    private void Measure(string what, TimeSpan time, TimeSpan? most = null)
    {
        Figures.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.Name}: {what}: {time.TotalMilliseconds:0} ms"));
        if (most is { } bound)
        {
            time.Should().BeLessThan(bound, what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors)
        {
            await visitor.Page.Context.CloseAsync();
        }
    }
}

/// <summary>What the viewer says of itself, asked in its page.</summary>
internal static class ViewerWords
{
    public const string EverythingSeen =
        "() => /Every image has been seen/.test(window.fiducialViewer.shadowRoot.querySelector('.status')?.innerText ?? '')";
}
