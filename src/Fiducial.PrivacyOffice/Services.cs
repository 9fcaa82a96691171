using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.PrivacyOffice;

public static class Services
{
    public static IServiceCollection AddPrivacyOffice(this IServiceCollection services) =>
        services
            .AddSingleton(new RoomLink("PRV", "/privacy", "Ledgers"))
            .AddSingleton(new RoomLink("PRV", "/privacy/requests", "Requests"));
}
