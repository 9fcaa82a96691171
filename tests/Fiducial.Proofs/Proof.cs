namespace Fiducial.Proofs;

/// <summary>A line of counts from a real run, which <c>./test</c> prints near its end.</summary>
internal static class Proof
{
    private static readonly Lock Pen = new();

    public static void Say(ITestOutputHelper output, string what)
    {
        output.WriteLine($"proof: {what}");
        if (Environment.GetEnvironmentVariable("FIDUCIAL_PROOFS") is { Length: > 0 } file)
        {
            lock (Pen)
            {
                File.AppendAllText(file, $"proof: {what}\n");
            }
        }
    }
}
