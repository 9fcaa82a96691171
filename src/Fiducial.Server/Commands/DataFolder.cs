namespace Fiducial.Server.Commands;

/// <summary>A data folder is a clinic, a demonstration or a plain archive, and stays what it is: a file in it says so.</summary>
internal static class DataFolder
{
    private const string Mark = "fiducial-folder";

    /// <exception cref="CommandException">The folder is of another kind.</exception>
    public static void Claim(string folder, string kind)
    {
        Directory.CreateDirectory(folder);
        var mark = Path.Combine(folder, Mark);
        if (!File.Exists(mark))
        {
            File.WriteAllText(mark, kind);
        }
        else if (Kind(folder) is var is_ && is_ != kind)
        {
            throw new CommandException(1, $"{folder} holds a {is_}: choose another folder with --data for a {kind}.");
        }
    }

    public static string? Kind(string folder) =>
        File.Exists(Path.Combine(folder, Mark)) ? File.ReadAllText(Path.Combine(folder, Mark)).Trim() : null;
}
