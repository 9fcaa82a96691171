using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway;

/// <summary>A step that someone wants to take.</summary>
/// <param name="Step">Id of the transition: O1 … B7.</param>
public sealed record StepRequest(Guid ExamId, string Step, Actor Actor, JsonObject Evidence)
{
    /// <summary>
    /// What the actor wrote, by field. Guards read it; the ledger keeps its hash alone, and the room that owns such content keeps
    /// the words (<see cref="Within"/>).
    /// </summary>
    public JsonObject? Words { get; init; }

    /// <summary>SHA-256 over names and texts in the order of the names, each with its length in front; lower-case hexadecimal.</summary>
    public static string HashOf(JsonObject words)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in words.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            var said = value?.ToString() ?? "";
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}{said.Length}:{said}\n");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Set when the door refused: the step is recorded and not taken.</summary>
    internal string? RefusedBecause { get; init; }

    /// <summary>
    /// Content that must be written together with the step, in the same transaction: called after the guards were content,
    /// before the commit. An exception leaves neither.
    /// </summary>
    public Func<StepTaken, CancellationToken, Task>? Within { get; init; }
}

/// <summary>The step, within its transaction: the database, the exam as the step leaves it, the ledger entry.</summary>
public sealed record StepTaken(ClinicDb Db, ExamRecord Exam, LedgerEntry Entry);

/// <summary>What became of it. A refusal is recorded in the ledger too, except for a step on an exam that does not exist.</summary>
/// <param name="Refusal">Null when the step was taken, else the sentence that says why not.</param>
public sealed record StepOutcome(string? Refusal, LedgerEntry? Entry)
{
    public bool Taken => Refusal is null;
}
