using System.CommandLine;
using Fiducial.Server.Bridges;
using Fiducial.Server.Demonstration;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial serve</c> and <c>fiducial demo</c>.</summary>
internal static class ServeClinic
{
    public static Command Clinic()
    {
        var command = new Command("serve", "A clinic");
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed), walk: false));
        return command;
    }

    public static Command Demonstration()
    {
        var walk = new Option<bool>("--walk") { Description = "Takes one exam from referral to release, and ends" };
        var command = new Command("demo", "A clinic with people for every role and exams that the program draws")
        {
            walk,
        };
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed, isDemonstration: true), parsed.GetValue(walk)));
        return command;
    }

    private static async Task<int> RunAsync(ClinicOptions options, bool walk)
    {
        DataFolder.Claim(options.Data, options.IsDemonstration ? "demonstration" : "clinic");
        await using var app = ClinicApp.Build(options);
        await ClinicApp.PrepareAsync(app);
        await app.StartAsync();
        var dicom = app.Services.GetRequiredService<DicomHost>().Port;
        Console.WriteLine(
            $"Fiducial is open at {app.Urls.First()}   DICOM: FIDUCIAL at {options.Listen}:{dicom}   data: {options.Data}"
        );
        if (walk)
        {
            var walked = await DemonstrationWalk.RunAsync(app.Services, dicom, Console.Out);
            await app.StopAsync();
            return walked ? 0 : 1;
        }
        if (options.IsDemonstration)
        {
            Console.WriteLine(
                $"People (password {DemonstrationPeople.Password}): clara clerk, tessa technologist, rado radiologist, rita referring doctor, paul patient, prisca privacy officer"
            );
            await DemonstrationDay.RunAsync(app.Services, dicom, Console.Out);
        }
        Console.WriteLine("Ctrl-C closes it.");
        await app.WaitForShutdownAsync();
        Console.WriteLine("Closed.");
        return 0;
    }
}
