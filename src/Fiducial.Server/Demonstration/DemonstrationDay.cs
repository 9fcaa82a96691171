using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration;

/// <summary>The exams that wait when the demonstration opens: some in the exam room, with their images, one not yet exposed.</summary>
internal static class DemonstrationDay
{
    public static async Task RunAsync(IServiceProvider services, int dicomPort, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        if (await db.Set<ExamRecord>().AnyAsync())
        {
            return;
        }
        var desk = scope.ServiceProvider.GetRequiredService<ReferAndBook>();
        var pathway = scope.ServiceProvider.GetRequiredService<PathwayEngine>();
        var technologist = await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().ActorAsync("tessa");
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        foreach (var (exam, i) in DemonstrationExams.All.Select((e, i) => (e, i)))
        {
            var order = await desk.ReferAsync(exam, i % 2 == 0 ? "FID-0001" : "FID-0002");
            await desk.BookAsync(order);
            await desk.ReceiveAsync(order);
            var timeOut = new JsonObject
            {
                ["patientConfirmed"] = true,
                ["examConfirmed"] = true,
                ["sideConfirmed"] = true,
            };
            ReferAndBook.Must(await pathway.TakeAsync(new StepRequest(order.Id, "E3", technologist, timeOut)));
            var count = await SendDrawing.RunAsync(exam, order, dicomPort, clock);
            await output.WriteLineAsync(
                $"  {exam.Name}: {count} images sent as {order.AccessionNumber}; open the exam room as tessa"
            );
        }
    }
}
