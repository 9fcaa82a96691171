using Fiducial.DoctorsOffice.Storage;
using Fiducial.Foundation.Outbox;
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
            .AddScoped<CoverAbsence>()
            .AddScoped<IOutboxHandler, BeginCover>()
            .AddScoped<NameDelegate>()
            .AddSingleton(new RoomLink("DEL", "/care-team", "Reports"))
            .AddSingleton(new RoomLink("REF", "/office", "Inbox"))
            .AddSingleton(new RoomLink("REF", "/office/refer", "Refer a patient"))
            .AddSingleton(new RoomLink("REF", "/office/cover", "Cover"))
            .AddSingleton(new RoomLink("REF", "/office/delegates", "Delegates"))
            .AddSingleton(new RoomLink("REF", "/office/emergency", "Emergency"))
            .AddSingleton(new RoomLink("COV", "/office", "Inbox"))
            .AddSingleton(new RoomLink("COV", "/office/cover", "Cover"))
            .AddSingleton(new RoomLink("COV", "/office/delegates", "Delegates"))
            .AddSingleton(new RoomLink("COV", "/office/emergency", "Emergency"))
            .AddSingleton(new RoomLink("MDR", "/office", "Inbox"))
            .AddSingleton(new RoomLink("MDR", "/office/cover", "Cover"));
}
