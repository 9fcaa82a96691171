using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Server.Doors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Proofs.Matrix;

/// <summary>
/// The policy asked for one cell of the matrix with every verb in all circumstances, under the law or under another. The exams are those of the
/// house; that the patient left long ago, or that somebody broke the glass, is said of a copy of their rows.
/// </summary>
internal sealed class CellTrial
{
    private static readonly Circumstances[] All =
    [
        .. from own in (bool[])[true, false]
        from window in (bool[])[true, false]
        from broke in (bool[])[true, false]
        select new Circumstances(own, window, broke),
    ];

    // Those who may break it (B1), and the one to whom cells are open only then.
    private static readonly Role[] AtTheGlass = [.. TransitionTable.Find("B1")!.Who, Role.PRV];

    private readonly FourPhases _house;
    private readonly IServiceProvider _services;
    private readonly Dictionary<Phase, ExamRecord> _exams;

    private CellTrial(FourPhases house, IServiceProvider services, Dictionary<Phase, ExamRecord> exams) =>
        (_house, _services, _exams) = (house, services, exams);

    /// <summary>How often a door was asked.</summary>
    public int Asked { get; private set; }

    public static async Task<CellTrial> OfAsync(FourPhases house, IServiceProvider services)
    {
        var ids = house.Exams.Values.ToList();
        var exams = await services
            .GetRequiredService<ClinicDb>()
            .Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => ids.Contains(e.Id))
            .ToListAsync();
        return new CellTrial(house, services, exams.ToDictionary(e => e.Phase));
    }

    /// <summary>True when one of the questions about this cell is answered otherwise than the law is written.</summary>
    public async Task<bool> NoticesAsync(PermissionMatrix law, Phase phase, Role role, DataClass data)
    {
        var cell = WrittenLaw.Of(phase, role, data);
        var policy = ActivatorUtilities.CreateInstance<AccessPolicy>(_services, law);
        foreach (var (actor, isOwn) in _house.Actors(role))
        {
            foreach (var of in All.Where(c => c.IsOwn == isOwn && (!c.BrokeGlass || AtTheGlass.Contains(role))))
            {
                var exam = _exams[phase];
                var now = _services.GetRequiredService<TimeProvider>().GetUtcNow();
                exam.DepartedAt = of.IsInWindow ? null : now.AddMinutes(-31);
                (exam.Access, exam.GlassBrokenById) = of.BrokeGlass ? ("broken", actor.Id) : ("normal", "");
                foreach (var verb in Enum.GetValues<Verb>())
                {
                    Asked++;
                    if (await policy.MayAsync(exam, actor, data, verb) != WrittenLaw.Allows(cell, role, verb, of))
                    {
                        return true;
                    }
                }
            }
        }
        return (role, data) is (Role.EXTP, DataClass.C3f)
            && await LieElsewhereAsync(law, phase) != (phase is Phase.S or Phase.L && cell.Contains('W'));
    }

    // Whether another archive gets the results of this exam.
    private async Task<bool> LieElsewhereAsync(PermissionMatrix law, Phase phase)
    {
        Asked++;
        var door = ActivatorUtilities.CreateInstance<StudyDoor>(_services, law);
        var study = _exams[phase].StudyInstanceUid;
        return await door.OfOtherArchivesAsync(study, CancellationToken.None) is StudyAccess.ImagesAndResults;
    }
}
