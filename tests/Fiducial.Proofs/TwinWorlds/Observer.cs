using System.Globalization;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Law;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>Looks at a world as one of those who may know nothing of a result: at every door that the house has.</summary>
internal static class Observer
{
    /// <summary>Words of reports, alerts and duties, as someone would search for them.</summary>
    private static readonly string[] Searches =
    [
        "?search=fracture&q=fracture&query=fracture",
        "?status=signed&filter=critical&sort=alert",
    ];

    /// <summary>Every route with every method as this person, pages also with a search, and what their own forms answer.</summary>
    public static async Task<Observation> LookAsync(this ClinicInABox world, Person person, Guid exam)
    {
        var seen = new Observation(world.Address);
        foreach (var door in (await world.EveryDoorAsync(exam)).Where(d => !d.IsFile && d.Route != "POST /sign-out"))
        {
            seen.Add(door.Route, await AskAsync(person, door, ""));
            if (door.Door.Method is "GET" && !door.IsStream && door.Access is not null)
            {
                foreach (var search in Searches)
                {
                    seen.Add($"{door.Route}{search}", await AskAsync(person, door, search));
                }
            }
        }
        foreach (var path in (string[])["/metrics", "/there-is-no-such-page", "/fhir/DiagnosticReport"])
        {
            seen.Add(path, Said(await person.Opens(path)));
        }
        return seen;
    }

    /// <summary>The doors of the exam and of proxies, as someone who is no proxy for this exam: the same whatever became of it.</summary>
    public static async Task<Observation> LookAsFormerProxyAsync(this ClinicInABox world, Person person, Guid exam)
    {
        var seen = new Observation(world.Address);
        foreach (
            var door in (await world.EveryDoorAsync(exam)).Where(d =>
                !d.IsFile && d.Access is { } access && (d.IsOfExam || access.Roles.Contains(Role.PRX))
            )
        )
        {
            seen.Add(door.Route, await AskAsync(person, door, ""));
        }
        seen.Add("by the exam", Said(await person.Opens($"/my/for?exam={exam}")));
        return seen;
    }

    /// <summary>What the forms of the room say when they are sent again, long after the exam.</summary>
    public static async Task<Observation> AttemptAsync(
        this ClinicInABox world,
        Person person,
        IEnumerable<(string Path, (string, string)[] Fields)> forms
    )
    {
        var seen = new Observation(world.Address);
        foreach (var (path, fields) in forms)
        {
            var answer = await person.Posts(path, fields);
            seen.Add(path, Said(answer) + Said(await person.FollowsAsync(answer)));
        }
        return seen;
    }

    /// <summary>Every DICOM service as a modality of this clinic: what is accepted, and what is answered.</summary>
    public static async Task<Observation> LookAsModalityAsync(this ClinicInABox world, Guid exam)
    {
        var seen = new Observation(world.Address);
        var record = await world.ExamAsync(exam);
        string[] classes =
        [
            DicomUids.Verification,
            .. RetrieveClasses.Find,
            .. RetrieveClasses.Move,
            .. RetrieveClasses.Get,
            DicomUids.ModalityWorklistInformationModelFind,
            DicomUids.ModalityPerformedProcedureStep,
            DicomUids.StorageCommitmentPushModel,
            DicomUids.DigitalXRayImageStorageForPresentation,
            DicomUids.BasicTextSRStorage,
        ];
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            world.DicomPort,
            Modality.AETitle,
            "FIDUCIAL",
            DicomClientOptions.ContextsOf(classes.Select(c => (c, DicomUids.ExplicitVRLittleEndian)))
        );
        seen.Add(
            "contexts",
            string.Join('\n', client.Accepted.Select(a => a.SopClassUid).Order(StringComparer.Ordinal))
        );
        seen.Add("C-ECHO", (await client.EchoAsync()).ToString());
        foreach (var sopClass in RetrieveClasses.Find.Append(DicomUids.ModalityWorklistInformationModelFind))
        {
            seen.Add($"C-FIND {sopClass}", await FindAsync(client, sopClass, Query(sopClass, record.StudyInstanceUid)));
        }
        foreach (var sopClass in RetrieveClasses.Move)
        {
            seen.Add(
                $"C-MOVE {sopClass}",
                await TryAsync(async () =>
                    (
                        await client.MoveAsync(sopClass, Modality.AETitle, Query(sopClass, record.StudyInstanceUid))
                    ).ToString()
                )
            );
        }
        const string mpps = DicomUids.ModalityPerformedProcedureStep;
        var step = $"2.25.{record.AccessionNumber[1..].TrimStart('0')}";
        var scheduled = new DicomDataSet()
            .Set(DicomTags.AccessionNumber, record.AccessionNumber)
            .Set(DicomTags.StudyInstanceUID, record.StudyInstanceUid);
        seen.Add(
            "MPPS N-CREATE",
            Said(
                await client.CreateAsync(
                    mpps,
                    step,
                    new DicomDataSet()
                        .Set(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS")
                        .SetItems(DicomTags.ScheduledStepAttributesSequence, scheduled)
                )
            )
        );
        seen.Add(
            "MPPS N-SET",
            Said(
                await client.SetAsync(
                    mpps,
                    step,
                    new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "DISCONTINUED")
                )
            )
        );
        seen.Add(
            "storage commitment N-ACTION",
            Said(
                await client.ActionAsync(
                    DicomUids.StorageCommitmentPushModel,
                    DicomUids.StorageCommitmentPushModelInstance,
                    1,
                    new DicomDataSet()
                        .Set(DicomTags.TransactionUID, $"{step}.1")
                        .SetItems(
                            DicomTags.ReferencedSOPSequence,
                            new DicomDataSet()
                                .Set(DicomTags.ReferencedSOPClassUID, DicomUids.BasicTextSRStorage)
                                .Set(DicomTags.ReferencedSOPInstanceUID, $"{record.StudyInstanceUid}.9.1")
                        )
                )
            )
        );
        var (file, bytes) = Modality.Part10(Modality.Image(record, "PA", record.Laterality, 1));
        using var again = new MemoryStream(bytes);
        seen.Add("C-STORE again", (await client.StoreAsync(file, again)).ToString());
        await client.ReleaseAsync();
        return seen;
    }

    /// <summary>Status, headers and body in one text.</summary>
    public static string Said(Page page) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)page.Status}\n{page.Headers}\n{page.Text}");

    private static string Said(NormalizedResult result) =>
        $"{result.Status} {(result.DataSet is { } set ? BytesOf(set) : "")}";

    private static string BytesOf(DicomDataSet set)
    {
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        return Convert.ToHexString(bytes.ToArray());
    }

    private static async Task<string> AskAsync(Person person, HouseDoor door, string search)
    {
        var method = new HttpMethod(door.Door.Method);
        using var content = door.NewContent();
        using var answer = await person.RequestsAsync(method, door.Door.Path + search, content);
        if (answer.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            return $"{(int)answer.StatusCode} a stream";
        }
        return Said(await Page.OfAsync(answer));
    }

    private static DicomDataSet Query(string sopClass, string study) =>
        sopClass is DicomUids.ModalityWorklistInformationModelFind
            ? new DicomDataSet()
                .Set(DicomTags.PatientName, "")
                .Set(DicomTags.PatientID, "")
                .Set(DicomTags.AccessionNumber, "")
                .Set(DicomTags.RequestedProcedurePriority, "")
                .Set(DicomTags.ReasonForTheRequestedProcedure, "")
                .Set(DicomTags.MedicalAlerts, "")
                .SetItems(
                    DicomTags.ScheduledProcedureStepSequence,
                    new DicomDataSet()
                        .Set(DicomTags.Modality, "")
                        .Set(DicomTags.ScheduledProcedureStepStatus, "")
                        .Set(DicomTags.ScheduledProcedureStepStartDate, "")
                )
            : new DicomDataSet()
                .Set(DicomTags.QueryRetrieveLevel, "STUDY")
                .Set(DicomTags.StudyInstanceUID, study)
                .Set(DicomTags.NumberOfStudyRelatedInstances, "")
                .Set(DicomTags.ModalitiesInStudy, "");

    private static Task<string> FindAsync(DicomClient client, string sopClass, DicomDataSet keys) =>
        TryAsync(async () =>
        {
            var lines = new List<string>();
            await foreach (var item in client.FindAsync(sopClass, keys))
            {
                lines.Add(BytesOf(item));
            }
            return string.Join('\n', lines);
        });

    // A service that the modality was not given is refused by its own client: that, too, is an answer.
    private static async Task<string> TryAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is DimseException or AssociationException or InvalidOperationException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}
