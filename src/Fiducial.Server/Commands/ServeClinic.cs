using System.CommandLine;
using Fiducial.Server.Bridges;
using Fiducial.Server.Demonstration;
using Fiducial.Server.Demonstration.Stories;
using Fiducial.Server.Doors;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial serve</c> and <c>fiducial demo</c>.</summary>
internal static class ServeClinic
{
    public static Command Clinic()
    {
        var command = new Command("serve", "A clinic");
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed)));
        return command;
    }

    public static Command Demonstration()
    {
        var walk = new Option<bool>("--walk")
        {
            Description = "Takes one exam from referral to release, then six stories off the main line, and ends",
        };
        var command = new Command("demo", "A clinic with people for every role and exams that the program draws")
        {
            walk,
        };
        HouseOptions.AddTo(command);
        command.SetAction(parsed =>
            parsed.GetValue(walk)
                ? WalkAsync(HouseOptions.Read(parsed, isDemonstration: true))
                : RunAsync(HouseOptions.Read(parsed, isDemonstration: true))
        );
        return command;
    }

    // The walk's stories take weeks: its clock is turned, and nothing else about the clinic is different.
    private static async Task<int> WalkAsync(ClinicOptions options)
    {
        var clock = new DemonstrationClock();
        await using var app = await OpenAsync(options with { Clock = clock });
        var dicom = app.Services.GetRequiredService<DicomHost>().Port;
        var walked =
            await DemonstrationWalk.RunAsync(app.Services, dicom, Console.Out)
            && await DemonstrationStories.RunAsync(app.Services, dicom, clock.Turn, Console.Out);
        await app.StopAsync();
        return walked ? 0 : 1;
    }

    private static async Task<WebApplication> OpenAsync(ClinicOptions options)
    {
        Transport.Check(options);
        DataFolder.Claim(options.Data, options.IsDemonstration ? "demonstration" : "clinic");
        var app = ClinicApp.Build(options);
        await ClinicApp.PrepareAsync(app);
        await app.StartAsync();
        var dicom = app.Services.GetRequiredService<DicomHost>().Port;
        Console.WriteLine(
            $"Fiducial is open at {app.Urls.First()}   DICOM: FIDUCIAL at {options.Listen}:{dicom}   data: {options.Data}"
        );
        return app;
    }

    private static async Task<int> RunAsync(ClinicOptions options)
    {
        await using var app = await OpenAsync(options);
        var dicom = app.Services.GetRequiredService<DicomHost>().Port;
        if (options.IsDemonstration)
        {
            Console.WriteLine(
                $"People (password {DemonstrationPeople.Password}): clara clerk, tessa technologist, rado radiologist, rita and otto referring doctors, mona medical director, cora coordinator, paul and petra patients, toni patient (17), pam parent of toni and of Cleo (9), prisca privacy officer, nell care team, adam administrator"
            );
            await DemonstrationDay.RunAsync(app.Services, dicom, Console.Out);
        }
        Console.WriteLine("Ctrl-C closes it.");
        await app.WaitForShutdownAsync();
        Console.WriteLine("Closed.");
        return 0;
    }
}
