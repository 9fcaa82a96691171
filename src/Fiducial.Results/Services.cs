using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Delivery;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Results.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results;

public static class Services
{
    /// <summary>Reports, their delivery, the duty to review them and their release. Needs an <see cref="IRecipientDirectory"/>.</summary>
    public static IServiceCollection AddResults(this IServiceCollection services)
    {
        services.AddSingleton<IModelPart, ResultsModel>();
        services.AddScoped<ILedgerWitness, ResultsWitness>();
        services.AddScoped<ReportDesk>();
        services.AddScoped<SaveDraft>();
        services.AddScoped<SignReport>();
        services.AddScoped<ReleasedResults>();
        foreach (
            var guard in (IGuard[])[.. ReportGuards.All, .. DeliveryGuards.All, .. DutyGuards.All, .. ReleaseGuards.All]
        )
        {
            services.AddSingleton(guard);
        }
        services.AddFollower<AssignDuty>("R6");
        services.AddFollower<QueueDelivery>("U1");
        services.AddFollower<TransmitReport>("D1");
        services.AddFollower<AcknowledgeDelivery>("D2");
        return services;
    }
}
