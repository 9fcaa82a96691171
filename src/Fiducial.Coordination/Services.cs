using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Coordination;

public static class Services
{
    /// <summary>The coordinator's room, and the list of notices of every role that the timers tell.</summary>
    public static IServiceCollection AddCoordination(this IServiceCollection services)
    {
        services.AddScoped<MatchImages>();
        services.AddSingleton(new RoomLink("CRD", "/coordination", "Work list"));
        foreach (var role in (string[])["CRD", "RAD", "MDR"])
        {
            services.AddSingleton(new RoomLink(role, "/coordination/quarantine", "Quarantine"));
        }
        services.AddSingleton(new RoomLink("CRD", "/coordination/merges", "Two records, one patient"));
        services.AddSingleton(new RoomLink("PRV", "/coordination/merges", "Merges"));
        foreach (var role in (string[])["CLK", "TECH", "RAD", "REF", "COV", "MDR", "PRV"])
        {
            services.AddSingleton(new RoomLink(role, "/notices", "Notices"));
        }
        return services;
    }
}
