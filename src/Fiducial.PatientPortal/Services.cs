using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.PatientPortal;

public static class Services
{
    public static IServiceCollection AddPatientPortal(this IServiceCollection services) =>
        services
            .AddSingleton(new RoomLink("PAT", "/my", "My exams"))
            .AddSingleton(new RoomLink("PRX", "/my/for", "Whom I stand for"));
}
