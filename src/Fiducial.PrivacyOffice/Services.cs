using Fiducial.Foundation.Web;
using Fiducial.PrivacyOffice.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.PrivacyOffice;

public static class Services
{
    /// <param name="services">The services of the clinic.</param>
    /// <param name="repository">Where the audit is sent too; null for nowhere.</param>
    public static IServiceCollection AddPrivacyOffice(
        this IServiceCollection services,
        AuditRepository? repository = null
    )
    {
        if (repository is not null)
        {
            services.AddSingleton(repository);
            services.AddHostedService<SendAudit>();
        }
        return services
            .AddSingleton(new RoomLink("PRV", "/privacy", "Ledgers"))
            .AddSingleton(new RoomLink("PRV", "/privacy/requests", "Requests"))
            .AddSingleton(new RoomLink("PRV", "/privacy/relations", "Relationships"))
            .AddSingleton(new RoomLink("PRV", "/privacy/proxies", "Proxies"))
            .AddSingleton(new RoomLink("PRV", "/privacy/emergencies", "Emergency access"))
            .AddSingleton(new RoomLink("MDR", "/privacy/emergencies", "Emergency access"))
            .AddSingleton(new RoomLink("PRV", DecideRetention.Page, "Retention"))
            .AddSingleton(new RoomLink("MDR", DecideRetention.Page, "Retention"));
    }
}
