using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.FrontDesk;

public static class Services
{
    public static IServiceCollection AddFrontDesk(this IServiceCollection services) =>
        services
            .AddSingleton(new RoomLink("CLK", "/front-desk", "Today"))
            .AddSingleton(new RoomLink("CLK", "/front-desk/patients", "Patients"))
            .AddSingleton(new RoomLink("CLK", "/front-desk/proxies", "Proxies"));
}
