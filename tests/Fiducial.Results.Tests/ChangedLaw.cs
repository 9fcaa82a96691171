using Fiducial.Pathway;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>A house in which one piece of the law is missing.</summary>
internal static class ChangedLaw
{
    public static void With(this IServiceCollection services, ConditionTable law) => services.AddSingleton(law);

    /// <summary>Leaves out one of the guards that watch a step: the one of this number, in the order of their registration.</summary>
    public static void WithoutGuard(this IServiceCollection services, string step, int index)
    {
        services.AddScoped<PathwayEngine>(s =>
        {
            var all = s.GetServices<IGuard>().ToList();
            var watching = all.Where(g => g.Transition == step).ToList();
            // A watch that is always content stays in its place: the engine refuses a step whose guard is not built.
            all[all.IndexOf(watching[index])] = new Guard(step, _ => null);
            return ActivatorUtilities.CreateInstance<PathwayEngine>(s, (IEnumerable<IGuard>)all);
        });
    }
}
