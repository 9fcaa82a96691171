using System.Text.Json.Nodes;

namespace Fiducial.Pathway.Rooms;

/// <summary>
/// Keeps what someone writes with a step, in the step's transaction; the ledger holds its hash alone. It only takes: a room that may
/// not read such words can still send a letter or give a reason.
/// </summary>
public interface IWordKeeper
{
    Func<StepTaken, CancellationToken, Task> Keep(JsonObject words);
}
