using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Rooms;
using Fiducial.Results.Alerts;
using Fiducial.Results.Delivery;
using Fiducial.Results.Duty;
using Fiducial.Results.Followups;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Results.Storage;
using Fiducial.Results.Words;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results;

public static class Services
{
    /// <summary>Reports, their delivery, the duty to review them and their release. Needs an <see cref="IRecipientDirectory"/>.</summary>
    /// <param name="services">The services of the clinic.</param>
    /// <param name="policy">How this site releases results; null for the doctor first.</param>
    public static IServiceCollection AddResults(this IServiceCollection services, ReleasePolicy? policy = null)
    {
        policy ??= ReleasePolicy.DoctorFirst;
        services.AddSingleton<IModelPart, ResultsModel>();
        services.AddScoped<ILedgerWitness, ResultsWitness>();
        services.AddSingleton(policy);
        services.AddSingleton(new EmergencyLine(policy.Pack.EmergencyLine));
        services.AddScoped<ReportDesk>();
        services.AddScoped<SaveDraft>();
        services.AddScoped<IssuePreliminary>();
        services.AddScoped<SignReport>();
        services.AddScoped<CorrectReport>();
        services.AddScoped<SayStep>();
        services.AddScoped<IWordKeeper>(s => s.GetRequiredService<SayStep>());
        services.AddScoped<IAddressBook, AddressBook>();
        services.AddScoped<IGlassReasons, GlassReasons>();
        services.AddScoped<DutyHolders>();
        services.AddScoped<IOutboxHandler, PassDutiesOn>();
        services.AddScoped<ReleasedResults>();
        AddGuards(services, policy);
        services.AddFollower<AssignDuty>("R6");
        services.AddFollower<RaiseChosenAlert>("R6");
        services.AddFollower<RaiseChosenAlert>("R9");
        services.AddFollower<RecallAfterReturn>("R7");
        foreach (var step in (string[])["U1", "U3", "U5", "U7", "U8", "R6", "R9", "D3", "B4", "B7"])
        {
            services.AddFollower<QueueDelivery>(step);
        }
        foreach (var step in (string[])["D1", "D5", "D7"])
        {
            services.AddFollower<TransmitReport>(step);
        }
        services.AddFollower<AcknowledgeDelivery>("D2");
        foreach (var step in (string[])["O7", "R6", "F2"])
        {
            services.AddFollower<FollowLinkedExam>(step);
        }
        return services;
    }

    private static void AddGuards(IServiceCollection services, ReleasePolicy policy)
    {
        foreach (
            var guard in (IGuard[])
                [
                    .. ReportGuards.Of(policy),
                    .. CorrectionGuards.Of(policy),
                    .. DeliveryGuards.All,
                    .. DutyGuards.All,
                    .. AlertGuards.All,
                    .. FollowupGuards.All,
                    .. new ReleaseGuards(policy).All,
                    .. CustodyGuards.All,
                ]
        )
        {
            services.AddSingleton(guard);
        }
        // These ask the clinic's people who may hold the duty.
        services.AddScoped<HolderGuards>();
        foreach (var step in HolderGuards.Steps)
        {
            services.AddScoped<IGuard>(s => s.GetRequiredService<HolderGuards>().Of(step));
        }
    }
}
