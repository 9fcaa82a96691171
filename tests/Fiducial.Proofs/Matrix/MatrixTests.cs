using System.Globalization;
using System.Net;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Proofs.Matrix;

/// <summary>The enumerated matrix: every route as every role in every phase, and every cell of the law, against permissions.tsv.</summary>
public sealed class MatrixTests(ITestOutputHelper output)
{
    private static readonly TimeSpan PastTheWindow = TimeSpan.FromMinutes(31);

    [Fact]
    public async Task Every_route_answers_every_role_in_every_phase_as_the_matrix_says_and_every_cell_is_enforced()
    {
        await using var house = await FourPhases.OpenAsync();
        var faults = new List<string>();
        var byRequest = new HashSet<(Phase, Role, DataClass)>();
        var requests = await AskEveryDoorAsync(house, isInWindow: true, byRequest, faults);
        var evaluated = await CellTrial.AskAsync(house, PermissionMatrix.Law, isInWindow: true, faults);
        foreach (var exam in house.Exams.Values)
        {
            await house.Clinic.Technologist.LetsDepart(exam);
        }
        house.Clinic.Clock.Turn(PastTheWindow);
        requests += await AskEveryDoorAsync(house, isInWindow: false, [], faults);
        evaluated += await CellTrial.AskAsync(house, PermissionMatrix.Law, isInWindow: false, faults);

        var byPolicy = WrittenLaw.All.Count - byRequest.Count;
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"matrix cells checked: {WrittenLaw.All.Count} of {PermissionMatrix.Law.Count} (decided by {requests} requests over HTTP: {byRequest.Count}; by the policy alone: {byPolicy}; {evaluated} evaluations), disagreements: {faults.Count}"
                )
            )
        );
        faults.ForEach(output.WriteLine);
        faults.Should().BeEmpty();
        WrittenLaw.All.Should().HaveCount(19 * 4 * 12);
    }

    [Fact]
    public async Task Each_single_cell_that_is_changed_is_noticed()
    {
        await using var house = await FourPhases.OpenAsync();
        var (mutants, survivors) = (0, new List<string>());
        foreach (var (phase, role, data) in WrittenLaw.All)
        {
            // A grant is taken away; where nothing is granted, something is.
            var cell = WrittenLaw.Of(phase, role, data);
            var changed = PermissionMatrix.Law.With(phase, role, data, cell is "-" ? "RWA" : "-");
            mutants++;
            if (!await CellTrial.NoticesAsync(house, changed, phase, role, data))
            {
                survivors.Add($"{phase} {role} {data}: '{cell}'");
            }
        }
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mutants killed: {mutants - survivors.Count}/{mutants} cells of the matrix"
                )
            )
        );
        survivors.ForEach(output.WriteLine);
        // A grant that needs a relation which no step of this clinic makes (delegates, outside systems, cover), or broken glass.
        survivors.Should().OnlyContain(s => s.Contains('o') || s.Contains('b'));
        (survivors.Count * 10).Should().BeLessThan(mutants);
    }

    // A POST without the token of a form comes through the door and is turned back behind it: no step is taken.
    private static async Task<int> AskEveryDoorAsync(
        FourPhases house,
        bool isInWindow,
        HashSet<(Phase, Role, DataClass)> decided,
        List<string> faults
    )
    {
        var requests = 0;
        var missing = new Dictionary<(string, string), (HttpStatusCode Status, string, string)>();
        foreach (var (phase, exam) in house.Exams)
        {
            foreach (var door in (await house.Clinic.EveryDoorAsync(exam)).Where(d => Asks(d, phase)))
            {
                // After the window other answers are due to the technologist alone, whose cells have a 't'.
                foreach (var (role, person, isOwn) in house.Askers.Where(a => isInWindow || a.Role is Role.TECH))
                {
                    if (!missing.TryGetValue((person.Name, door.Door.Method), out var closed))
                    {
                        closed = await AskAsync(person, door, "/there-is-no-such-page");
                        closed.Status.Should().Be(HttpStatusCode.NotFound);
                        missing[(person.Name, door.Door.Method)] = closed;
                        requests++;
                    }
                    var isClosed = await AskAsync(person, door, door.Door.Path) == closed;
                    requests++;
                    var isTheirs = door.Access?.Roles.Contains(role) is true;
                    var cell = door.Access is { } access ? WrittenLaw.Of(phase, role, access.Data) : "-";
                    var mayEnter =
                        door.IsPublic
                        || (
                            isTheirs
                            && (
                                !door.IsOfExam && (!IsSearch(door) || role is Role.RAD or Role.MDR)
                                || door.IsOfExam
                                    && WrittenLaw.Allows(cell, door.Access!.Verb, isOwn, isInWindow)
                                    && !IsStore(door)
                            )
                        );
                    if (isClosed == mayEnter && !IsMissing(door))
                    {
                        faults.Add(
                            $"{door.Route} as {role} ({person.Name}) in {phase}: {(isClosed ? "closed" : "open")}, '{cell}'"
                        );
                    }
                    // Of a role that has no business in the room the answer says nothing about a cell that grants.
                    if (door is { IsOfExam: true, Access: { } said } && (isTheirs || cell is "-"))
                    {
                        decided.Add((phase, role, said.Data));
                    }
                }
            }
        }
        return requests;
    }

    // Doors that are not of an exam are the same in every phase, and asked once. A stream is asked as the others are.
    private static bool Asks(HouseDoor door, Phase phase) =>
        !door.IsFile && door.Route is not "POST /sign-out" && (door.IsOfExam || phase is Phase.U);

    // The gate behind the door lets readers alone search through all studies.
    private static bool IsSearch(HouseDoor door) =>
        door.Route.Split(' ')[1] is "/dicomweb/studies" or "/dicomweb/series" or "/dicomweb/instances"
        && !IsStore(door);

    // Nobody who signs in may store: the gate behind the door is closed to all.
    private static bool IsStore(HouseDoor door) => door.Route.StartsWith("POST /dicomweb", StringComparison.Ordinal);

    // What is asked for is not there, whoever asks: the same answer as behind a closed door is right.
    private static bool IsMissing(HouseDoor door) =>
        IsStore(door)
        || door.Route.Contains("/quarantine/{id", StringComparison.Ordinal)
        || door.Route.Contains("/bulkdata/", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Headers, string Text)> AskAsync(
        Person person,
        HouseDoor door,
        string path
    )
    {
        using var content = door.NewContent();
        using var answer = await person.RequestsAsync(new HttpMethod(door.Door.Method), path, content);
        if (answer.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            return (answer.StatusCode, "a stream", "");
        }
        var page = await Page.OfAsync(answer);
        return (page.Status, page.Headers, page.Text);
    }
}

/// <summary>The policy asked for cells of the matrix, with the law or with another.</summary>
internal static class CellTrial
{
    /// <summary>Every cell with every verb.</summary>
    /// <returns>How often the policy was asked.</returns>
    public static async Task<int> AskAsync(FourPhases house, PermissionMatrix law, bool isInWindow, List<string> faults)
    {
        var asked = 0;
        foreach (var (phase, role, data) in WrittenLaw.All)
        {
            foreach (var verb in Enum.GetValues<Verb>())
            {
                asked++;
                if (!await AgreesAsync(house, law, phase, role, data, verb, isInWindow))
                {
                    faults.Add(
                        $"the policy, {verb} {data} as {role} in {phase}: not '{WrittenLaw.Of(phase, role, data)}'"
                    );
                }
            }
        }
        return asked;
    }

    /// <summary>True when one of the questions about this cell is answered otherwise than the law is written.</summary>
    public static async Task<bool> NoticesAsync(
        FourPhases house,
        PermissionMatrix law,
        Phase phase,
        Role role,
        DataClass data
    )
    {
        foreach (var verb in Enum.GetValues<Verb>())
        {
            if (!await AgreesAsync(house, law, phase, role, data, verb, isInWindow: true))
            {
                return true;
            }
        }
        return false;
    }

    private static async Task<bool> AgreesAsync(
        FourPhases house,
        PermissionMatrix law,
        Phase phase,
        Role role,
        DataClass data,
        Verb verb,
        bool isInWindow
    )
    {
        var allowed = await house.Clinic.WithAsync(async s =>
        {
            var policy = new AccessPolicy(
                s.GetRequiredService<ClinicDb>(),
                law,
                s.GetRequiredService<AgeBand>(),
                s.GetRequiredService<BusinessCalendar>(),
                s.GetRequiredService<TimeProvider>()
            );
            return await policy.ExamAsync(house.Exams[phase], house.Actor(role), data, verb) is not null;
        });
        return allowed == WrittenLaw.Allows(WrittenLaw.Of(phase, role, data), verb, house.Of(role).IsOwn, isInWindow);
    }
}
