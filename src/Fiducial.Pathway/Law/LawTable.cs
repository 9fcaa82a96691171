namespace Fiducial.Pathway.Law;

/// <summary>Reads a tab-separated table of the law from this assembly.</summary>
internal static class LawTable
{
    /// <summary>The rows below the heading, as cells.</summary>
    /// <exception cref="InvalidDataException">A row has not as many cells as the heading.</exception>
    public static IReadOnlyList<string[]> Read(string name)
    {
        using var stream =
            typeof(LawTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"The table {name} is missing from the program.");
        using var reader = new StreamReader(stream);
        var heading = reader.ReadLine()?.Split('\t') ?? [];
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }
            var cells = line.Split('\t');
            if (cells.Length != heading.Length)
            {
                throw new InvalidDataException(
                    $"{name}: '{cells[0]}' has {cells.Length} cells, {heading.Length} are due."
                );
            }
            rows.Add(cells);
        }
        return rows;
    }
}
