using Fiducial.DoctorsOffice.Storage;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.DoctorsOffice;

public static class Services
{
    public static IServiceCollection AddDoctorsOffice(this IServiceCollection services) =>
        services
            .AddSingleton<IModelPart, OfficeModel>()
            .AddScoped<ReferPatient>()
            .AddScoped<AnswerResult>()
            .AddSingleton(new RoomLink("REF", "/office", "Inbox"))
            .AddSingleton(new RoomLink("REF", "/office/refer", "Refer a patient"));
}
