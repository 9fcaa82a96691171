using System.Globalization;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Delivery;

/// <summary>The signed version, to an address that was tried, to the holder first, until someone or something says that it is there.</summary>
internal static class DeliveryGuards
{
    private static readonly string[] Channels = ["portal", "ORU", "FHIR", "fax"];

    public static IEnumerable<IGuard> All =>
        [
            new Guard("D1", QueueAsync),
            new Guard("D2", Transmit),
            new Guard("D3", ReceivedAsync),
            new Guard("D4", FailedAsync),
            new Guard("D5", RerouteAsync),
            new Guard("D6", MisdirectedAsync),
            new Guard("D7", ReaddressAsync),
        ];

    private static async ValueTask<string?> QueueAsync(GuardContext c, CancellationToken ct)
    {
        var recipient = c.Text("recipientId");
        var copies = Deliveries.Copies(c.Exam);
        if (recipient != c.Exam.HolderId)
        {
            if (!copies.Contains(recipient, StringComparer.Ordinal))
            {
                return "This doctor is neither the holder of the duty nor named for a copy.";
            }
            // INV8: nobody has it before the holder.
            if (!await Deliveries.HasAsync(c.Db, c.Exam.Id, c.Exam.HolderId, c.Exam.ReportVersion, ct))
            {
                return "The holder of the duty gets the report first.";
            }
        }
        if (await Deliveries.HasAsync(c.Db, c.Exam.Id, recipient, c.Exam.ReportVersion, ct))
        {
            return "This doctor has the current version.";
        }
        return await AddressAsync(c, ct)
            ?? (c.Text("reportHash") == c.Exam.ReportHash ? null : "The content is not the signed version.");
    }

    // R31: who the doctor is and that the licence holds is asked before content goes there.
    private static async ValueTask<string?> AddressAsync(GuardContext c, CancellationToken ct) =>
        (await c.StandingOfAsync(c.Text("recipientId"), ct)).LicenceRefusal("The recipient") is { } unlicensed
            ? unlicensed
        : c.Instant("endpointVerifiedAt") is not { } verified || verified < c.At.AddYears(-1)
            ? "The recipient's endpoint was not verified within twelve months."
        : null;

    private static string? Transmit(GuardContext c) =>
        c.NeedsOneOf("channel", Channels, "Name the channel")
        ?? (
            c.Text("bytesHash") != c.Exam.ReportHash ? "The bytes to send are not those of the signed version."
            : c.Text("channel") is not "fax" ? null
            : !c.Says("numberVerified") ? "A fax goes to a number that was tried without content."
            : !c.Says("coverWithoutPatient") ? "The cover page must not name the patient."
            : null
        );

    private static async ValueTask<string?> ReceivedAsync(GuardContext c, CancellationToken ct)
    {
        var sent = await c.LastAsync(ct, "D2");
        c.Evidence["recipientId"] = sent?.Said("recipientId") ?? "";
        c.Evidence["reportVersion"] = int.TryParse(sent?.Said("reportVersion"), CultureInfo.InvariantCulture, out var v)
            ? v
            : 0;
        return c.Needs("ack", "Say what answered.")
            ?? (c.Text("reportHash") == sent?.Said("bytesHash") ? null : "What arrived is not what was sent.");
    }

    private static async ValueTask<string?> FailedAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Text("negativeAnswer").Length > 0 || c.Number("tries") >= 3)
        {
            return null;
        }
        var sent = await c.LastAsync(ct, "D2", "D1", "D5", "D7");
        var patience = sent?.Said("channel") is "fax" ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(15);
        return sent?.Step is "D2" && c.At >= sent.At + patience
            ? null
            : "It was not tried three times, and the channel still has time to answer.";
    }

    private static async ValueTask<string?> RerouteAsync(GuardContext c, CancellationToken ct)
    {
        var failed = await c.LastAsync(ct, "D1", "D5", "D7");
        var same = c.Text("recipientId") == failed?.Said("recipientId");
        return same && c.Text("endpoint") == failed?.Said("endpoint")
                ? "This address has failed: name another verified one, or another doctor after a transfer."
            : !same && c.Text("recipientId") != c.Exam.HolderId
                ? "Another doctor gets it only after a transfer of the duty."
            : c.Needs("reason", "Give the reason.") ?? await AddressAsync(c, ct);
    }

    private static async ValueTask<string?> MisdirectedAsync(GuardContext c, CancellationToken ct)
    {
        var sent = await c.LastAsync(ct, "D2");
        c.Evidence["recipientId"] = sent?.Said("recipientId") ?? "";
        c.Evidence["endpoint"] = (await c.LastAsync(ct, "D1", "D5", "D7"))?.Said("endpoint") ?? "";
        return c.Needs("said", "Say who reported that it is not theirs.")
            ?? c.Needs("containment", "Say how its return or destruction is confirmed.");
    }

    private static async ValueTask<string?> ReaddressAsync(GuardContext c, CancellationToken ct)
    {
        var wrong = await c.LastAsync(ct, "D6");
        var recipient = c.Text("recipientId");
        return recipient.Length == 0 ? "Name the right recipient."
            : recipient != c.Exam.HolderId && !Deliveries.Copies(c.Exam).Contains(recipient, StringComparer.Ordinal)
                ? "The right recipient is the doctor who holds the duty, or one who was named for a copy."
            : recipient == wrong?.Said("recipientId") && c.Text("endpoint") == wrong.Said("endpoint")
                ? "That is where it went wrong."
            : !c.Says("privacyInformed") ? "The privacy officer must be informed."
            : await AddressAsync(c, ct);
    }
}
