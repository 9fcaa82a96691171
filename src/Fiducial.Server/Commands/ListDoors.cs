using System.CommandLine;
using Fiducial.Dicom.Network;
using Fiducial.Server.Doors;

namespace Fiducial.Server.Commands;

/// <summary>
/// <c>fiducial doors</c>: every way in or out, with the class of data that it shows and the roles to which. The build runs it, and fails
/// with the sentence that names a door of which nothing was declared.
/// </summary>
internal static class ListDoors
{
    public static Command Command()
    {
        var command = new Command(
            "doors",
            "Lists every route, DICOM service and message with its data class and its roles"
        );
        command.SetAction(_ => RunAsync());
        return command;
    }

    private static async Task<int> RunAsync()
    {
        await using var house = new UnopenedHouse(ClinicApp.Build);
        var doors = DeclaredDoors.Of(
            ((IEndpointRouteBuilder)house.App).DataSources.SelectMany(d => d.Endpoints),
            house.App.Services.GetServices<IDimseService>(),
            house.App.Services.GetRequiredService<IServiceScopeFactory>()
        );
        foreach (var door in doors.Where(d => d.IsDeclared && !IsFile(d)))
        {
            Console.WriteLine(door);
        }
        var silent = doors.Where(d => !d.IsDeclared).ToList();
        foreach (var door in silent)
        {
            // The form in which MSBuild takes a line for an error of the build.
            await Console.Error.WriteLineAsync(
                $"fiducial : error FID0001: {door.Name} does not declare which class of data it shows and to whom: add [Access] or [Public]."
            );
        }
        return silent.Count == 0 ? 0 : 1;
    }

    // Style sheets, scripts and icons: one line for each would hide the rest.
    private static bool IsFile(DeclaredDoor door) => door.IsPublic && door.Name.Contains('.', StringComparison.Ordinal);
}
