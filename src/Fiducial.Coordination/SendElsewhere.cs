using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Coordination;

/// <summary>
/// A report that did not arrive goes to another address (D5), and one that went to the wrong place to the right one (D7). The coordinator
/// names the doctor; the address, its handshake and the licence are those of the address book.
/// </summary>
internal static class SendElsewhere
{
    public static Task<IResult> RerouteAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        IAddressBook book,
        CancellationToken ct
    ) => RunAsync("D5", exam, new JsonObject { ["reason"] = form["reason"].ToString() }, form, http, pathway, book, ct);

    public static Task<IResult> ReaddressAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        IAddressBook book,
        CancellationToken ct
    ) =>
        RunAsync(
            "D7",
            exam,
            new JsonObject { ["privacyInformed"] = form.ContainsKey("privacyInformed") },
            form,
            http,
            pathway,
            book,
            ct
        );

    private static async Task<IResult> RunAsync(
        string step,
        Guid exam,
        JsonObject evidence,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        IAddressBook book,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        if ((await book.AllAsync(ct)).FirstOrDefault(a => a.PersonId == typed["recipientId"]) is { } doctor)
        {
            evidence["recipientId"] = doctor.PersonId;
            evidence["endpoint"] = doctor.Endpoint;
            evidence["endpointVerifiedAt"] = doctor.VerifiedAt?.ToString("O", CultureInfo.InvariantCulture);
            evidence["recipientLicenceActive"] = doctor.LicenceActive;
        }
        var outcome = await pathway.TakeAsync(new StepRequest(exam, step, http.Actor(), evidence), ct);
        return Refusals.Back($"/coordination/exams/{exam}", outcome, http, form);
    }
}
