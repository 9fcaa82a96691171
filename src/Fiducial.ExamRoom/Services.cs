using Fiducial.Foundation.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.ExamRoom;

public static class Services
{
    public static IServiceCollection AddExamRoom(this IServiceCollection services) =>
        services
            .AddScoped<RejectImage>()
            .AddSingleton(new RoomLink("TECH", "/exam-room", "Exam room"))
            .AddSingleton(new RoomLink("TECH", "/exam-room/emergency", "Emergency"));
}
