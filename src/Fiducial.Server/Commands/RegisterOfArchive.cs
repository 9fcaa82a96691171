using Fiducial.Archive;
using Fiducial.Archive.Devices;

namespace Fiducial.Server.Commands;

/// <summary>The register of the archive in a data folder, which may be open in another process.</summary>
internal static class RegisterOfArchive
{
    /// <summary>Who changes it: the account of this machine, because a command line knows no other.</summary>
    public static string Author => Environment.UserName;

    /// <exception cref="CommandException">The folder holds neither a clinic nor an archive.</exception>
    /// <exception cref="IOException">The database is out of reach.</exception>
    public static ArchiveRegister Open(ClinicOptions options) =>
        DataFolder.Kind(options.Data) is null
            ? throw new CommandException(
                1,
                $"{options.Data} holds neither a clinic nor an archive: name its folder with --data."
            )
            : new ArchiveRegister(
                new ArchiveOptions
                {
                    Folder = Path.Combine(options.Data, "archive"),
                    Database = options.ArchiveDatabase,
                },
                options.Clock
            );
}
