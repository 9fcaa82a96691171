using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Automatic;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Merging;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Places;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Storage;
using Fiducial.Pathway.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway;

public static class Services
{
    /// <param name="services">The services of the clinic.</param>
    /// <param name="place">Whose age bands hold (<see cref="AgeBand"/>).</param>
    public static IServiceCollection AddPathway(this IServiceCollection services, string place = AgeBand.Alberta)
    {
        services.AddSingleton(AgeBand.Of(place));
        services.AddScoped<ProxyChain>();
        services.AddScoped<ProxiesFollowMerge>();
        services.AddScoped<KeepProxies>();
        services.AddScoped<ProxyVerifier>();
        services.AddScoped<IOutboxHandler, EndProxies>();
        services.AddScoped<IOutboxHandler, RemindOfDispute>();
        services.AddSingleton<IModelPart, PathwayModel>();
        services.AddSingleton(PermissionMatrix.Law);
        services.AddSingleton(ConditionTable.Law);
        services.AddScoped<PathwayEngine>();
        services.AddScoped<RunningTimers>();
        services.AddScoped<FireTimer>();
        services.AddSingleton<TimerWorker>();
        services.AddHostedService(s => s.GetRequiredService<TimerWorker>());
        services.AddScoped<LedgerVerifier>();
        services.AddSingleton<IModelPart, AuditModel>();
        services.AddSingleton<AuditTrail>();
        services.AddScoped<AuditVerifier>();
        services.AddSingleton<IModelPart, PeopleModel>();
        services.AddScoped<KeepCredentials>();
        services.AddScoped<KeepRelationships>();
        services.AddScoped<IOutboxHandler, WarnOfExpiry>();
        services.AddScoped<AccessPolicy>();
        services.AddSingleton<IModelPart, PlacesModel>();
        services.AddScoped<KeepWorkstations>();
        services.AddScoped<MergePatients>();
        services.AddSingleton<FollowedSteps>();
        services.AddScoped<IOutboxHandler, StepMessages>();
        foreach (
            var guard in (IGuard[])
                [.. OrderGuards.All, .. ExamGuards.All, .. ImageGuards.All, .. ConcernGuards.All, .. AccessGuards.All]
        )
        {
            services.AddSingleton(guard);
        }
        services.AddFollower<AutoProtocol>("O1");
        return services;
    }

    /// <summary>Seals the chains with the key of this site.</summary>
    /// <param name="services">The services of the clinic.</param>
    /// <param name="folder">Where the key and the list of seals lie, apart from the database.</param>
    public static IServiceCollection AddSeals(this IServiceCollection services, string folder)
    {
        services.AddSingleton(new SealKey(folder));
        services.AddScoped<SealAudit>();
        return services.AddScoped<IOutboxHandler>(s => s.GetRequiredService<SealAudit>());
    }

    /// <summary>Adds a guard with which a room watches a step. Guards that need services are registered as scoped <see cref="IGuard"/>.</summary>
    public static IServiceCollection AddGuard(
        this IServiceCollection services,
        string transition,
        Func<GuardContext, string?> refusal
    ) => services.AddSingleton<IGuard>(new Guard(transition, refusal));

    /// <summary>Adds what follows by itself after a step.</summary>
    public static IServiceCollection AddFollower<T>(this IServiceCollection services, string step)
        where T : class, IStepFollower
    {
        services.AddScoped<T>();
        return services.AddSingleton(new FollowedStep(step, typeof(T)));
    }
}
