using System.CommandLine;
using Fiducial.Foundation.Storage;
using Fiducial.Server.People;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial token --as PERSON</c>: in a demonstration folder alone, until API clients can be registered.</summary>
internal static class IssueToken
{
    public static Command Command()
    {
        var person = new Option<string>("--as")
        {
            HelpName = "PERSON",
            Description = "The person's name at sign-in",
            Required = true,
        };
        var command = new Command("token", "A bearer token for programs, in a demonstration") { person };
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed), parsed.GetRequiredValue(person)));
        return command;
    }

    private static async Task<int> RunAsync(ClinicOptions options, string person)
    {
        if (DataFolder.Kind(options.Data) is not "demonstration")
        {
            throw new CommandException(
                1,
                $"{options.Data} is not a demonstration: tokens for people are made there only."
            );
        }
        await using var app = ClinicApp.Build(options);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var known =
            await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(p => p.UserName == person)
            ?? throw new CommandException(1, $"nobody here is called '{person}'.");
        Console.WriteLine(app.Services.GetRequiredService<BearerTokens>().Issue(known, TimeSpan.FromHours(12)));
        return 0;
    }
}
