using System.Globalization;
using System.Net;
using Fiducial.Pathway.Law;

namespace Fiducial.Proofs.Matrix;

/// <summary>The enumerated matrix: every route as every role in every phase, and every cell of the law, against permissions.tsv.</summary>
public sealed class MatrixTests(ITestOutputHelper output, FourPhases house) : IClassFixture<FourPhases>
{
    private static readonly TimeSpan PastTheWindow = TimeSpan.FromMinutes(31);

    [Fact]
    public async Task Every_route_answers_every_role_in_every_phase_as_the_matrix_says_and_every_cell_is_enforced()
    {
        var faults = new List<string>();
        var byRequest = new HashSet<(Phase, Role, DataClass)>();
        var requests = await AskEveryDoorAsync(isInWindow: true, byRequest, faults);
        foreach (var exam in house.Exams.Values)
        {
            await house.Clinic.Technologist.LetsDepart(exam);
        }
        house.Clinic.Clock.Turn(PastTheWindow);
        requests += await AskEveryDoorAsync(isInWindow: false, [], faults);
        var evaluated = await house.Clinic.WithAsync(async s =>
        {
            var trial = await CellTrial.OfAsync(house, s);
            foreach (var (phase, role, data) in WrittenLaw.All)
            {
                if (await trial.NoticesAsync(PermissionMatrix.Law, phase, role, data))
                {
                    faults.Add($"the policy, {data} as {role} in {phase}: not '{WrittenLaw.Of(phase, role, data)}'");
                }
            }
            return trial.Asked;
        });

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
        var mutants = WrittenLaw
            .All.SelectMany(c =>
                Mutants(WrittenLaw.Of(c.Phase, c.Role, c.Data)).Select(m => (c.Phase, c.Role, c.Data, To: m))
            )
            .ToList();
        var survivors = await house.Clinic.WithAsync(async s =>
        {
            var trial = await CellTrial.OfAsync(house, s);
            var alive = new List<string>();
            foreach (var (phase, role, data, to) in mutants)
            {
                if (!await trial.NoticesAsync(PermissionMatrix.Law.With(phase, role, data, to), phase, role, data))
                {
                    alive.Add(Name(phase, role, data, to));
                }
            }
            return alive;
        });
        var equivalent = mutants
            .Where(m => IsEquivalent(m.Phase, m.Role, m.Data, WrittenLaw.Of(m.Phase, m.Role, m.Data), m.To))
            .Select(m => Name(m.Phase, m.Role, m.Data, m.To))
            .ToList();
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mutants killed: {mutants.Count - survivors.Count}/{mutants.Count - equivalent.Count} of the {WrittenLaw.All.Count} cells of the matrix; equivalent: {equivalent.Count}"
                )
            )
        );
        survivors.Should().BeEquivalentTo(equivalent);
    }

    // A grant is taken away, or one of its conditions; where nothing is granted, something is.
    private static IEnumerable<string> Mutants(string cell) =>
        cell is "-"
            ? ["R", "W", "A"]
            : cell.Where(char.IsLower).Select(condition => cell.Replace($"{condition}", "")).Prepend("-");

    // Changes after which nobody could find a difference in this house.
    private static bool IsEquivalent(Phase phase, Role role, DataClass data, string cell, string to)
    {
        char? lost = to is "-" ? null : cell.Except(to).Single();
        return lost switch
        {
            // What has no content is the page's matter, and the twin worlds': the door opens alike.
            'c' => true,
            // Every exam is an own one of who reads here, and a patient's side is asked for its relation in any case.
            'o' => FourPhases.Readers.Contains(role) || WrittenLaw.PatientsSide.Contains(role),
            // No step of this house makes a relation to a system of others: what needs one is shut to it as if it were not granted. Only
            // whether results may lie in another archive is asked of the cell without a relation.
            null => FourPhases.Outside.Contains(role)
                && cell.Contains('o')
                && (role, data, phase) is not (Role.EXTP, DataClass.C3f, Phase.S or Phase.L),
            _ => false,
        };
    }

    private static string Name(Phase phase, Role role, DataClass data, string to) =>
        $"{phase} {role} {data}: '{WrittenLaw.Of(phase, role, data)}' as '{to}'";

    // A POST without the token of a form comes through the door and is turned back behind it: no step is taken.
    private async Task<int> AskEveryDoorAsync(
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
                                    && WrittenLaw.Allows(cell, role, door.Access!.Verb, new(isOwn, isInWindow, false))
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
