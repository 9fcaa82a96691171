namespace Fiducial.Tests;

/// <summary>A line of counts from a real run, which <c>./test</c> prints near its end.</summary>
public static class Proof
{
    private static readonly Lock Pen = new();

    /// <summary>Appends <c>proof: what</c> to the file that FIDUCIAL_PROOFS names.</summary>
    /// <returns>The line.</returns>
    public static string Say(string what)
    {
        if (Environment.GetEnvironmentVariable("FIDUCIAL_PROOFS") is { Length: > 0 } file)
        {
            lock (Pen)
            {
                File.AppendAllText(file, $"proof: {what}\n");
            }
        }
        return what;
    }
}
