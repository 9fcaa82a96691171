using System.Globalization;
using System.Text;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Server.Bridges;

namespace Fiducial.Server.Conformance;

/// <summary>
/// The DICOM conformance statement (PS3.2), in the order of its annex N and as Markdown. Services, classes, syntaxes, keys, limits and routes are
/// asked of the house that was put together; a sentence stands here only where there is nothing to ask.
/// </summary>
/// <param name="app">Put together, not opened.</param>
/// <param name="of"><c>clinic</c> or <c>archive</c>.</param>
internal sealed class ConformanceStatement(WebApplication app, string of)
{
    private readonly StringBuilder _text = new();
    private readonly DicomServerOptions _options = DicomHost.OptionsOf(
        app.Services.GetRequiredService<ClinicOptions>(),
        app.Services.GetRequiredService<TlsSetting>()
    );
    private readonly IReadOnlyList<string> _services =
    [
        DicomUids.Verification,
        .. app.Services.GetServices<IDimseService>().SelectMany(s => s.SopClasses).Order(StringComparer.Ordinal),
    ];

    public string Text()
    {
        Say($"# DICOM conformance statement: Fiducial, {of}");
        Say(
            $"Printed by `fiducial conformance {of}`. Implementation class UID `{Implementation.ClassUid}`, version name `{Implementation.VersionName}`."
        );
        Overview();
        Negotiation();
        Storage();
        Searching();
        Web();
        CharacterSets();
        Security();
        return _text.ToString();
    }

    private void Overview()
    {
        Say("## Overview");
        var roles = Enum.GetValues<DeviceRole>();
        Table(
            ["Service (as SCP)", "SOP class UID", .. roles.Select(Words)],
            _services.Select(c =>
                (string[])[DicomUids.NameOf(c), c, .. roles.Select(r => DevicePolicy.MayUse(r, c) ? "yes" : "no")]
            )
        );
        Say(
            "Every registered device may also store (below). A modality is given nothing that was stored, whatever it asks: no query, no retrieval."
        );
        Say(
            "As SCU: C-STORE (`fiducial send`, C-MOVE to a registered device, C-GET to the requestor)"
                + (
                    _services.Contains(DicomUids.StorageCommitmentPushModel, StringComparer.Ordinal)
                        ? "; N-EVENT-REPORT of storage commitment on an association of its own, tried again until the modality listens."
                        : "."
                )
        );
    }

    private void Negotiation()
    {
        Say("## Associations");
        Table(
            ["", ""],
            [
                ["Application entity title", $"`{_options.AETitle}`; another called title is rejected"],
                ["Largest PDU received", $"{_options.MaxPduLength} bytes; each size that a peer names is respected"],
                [
                    "Associations at once",
                    $"{_options.MaxAssociations}, of one peer {_options.MaxAssociationsPerPeer}; above that: rejected, transient, local limit exceeded",
                ],
                ["Asynchronous operations", "answered with 1 and 1: requests are served in their order"],
                ["SCP/SCU role selection", "storage classes (C-GET) and storage commitment"],
                ["SOP class extended negotiation", Extensions()],
                ["User identity", "acknowledged when asked for; devices are known by title, address and certificate"],
                [
                    "Time-outs",
                    $"association {_options.Artim.TotalSeconds:0} s, idle {_options.Idle.TotalSeconds:0} s, within a message {_options.WithinMessage.TotalSeconds:0} s",
                ],
                [
                    "Largest object; largest other data set",
                    $"{_options.LargestObject} bytes; {_options.LargestDataSet} bytes",
                ],
            ]
        );
    }

    // Each service is asked what it answers to a peer that wants everything.
    private string Extensions() =>
        string.Join(
            "; ",
            app.Services.GetServices<IDimseService>()
                .SelectMany(s =>
                    s.SopClasses.Select(c => (Class: c, Answer: s.Negotiate(c, new byte[] { 1, 1, 1, 1, 1 })))
                )
                .Where(n => n.Answer is not null)
                .OrderBy(n => n.Class, StringComparer.Ordinal)
                .Select(n => $"{DicomUids.NameOf(n.Class)}: {string.Join(' ', n.Answer!)}")
        ) + " (PS3.4 C.5: relational, dates and times combined, fuzzy names, time zones adjusted, images converted)";

    private void Storage()
    {
        Say("## Storage");
        Say(
            "Level 2 (full): the data set is kept bit for bit as it was sent, private elements too. Success is answered when file and index are durable. The same bytes again: success, no second copy. Other bytes under a stored SOP Instance UID: success, kept in the quarantine, an alert in the log; nothing is overwritten. No room, or the index out of reach: A700."
        );
        Say(
            _options.TakesUnknownSopClasses
                ? "Accepted: the classes of this list, and any private or newer one."
                : "Accepted: the classes of this list."
        );
        Table(["SOP class", "UID"], DicomUids.StorageSopClasses.Select(c => (string[])[DicomUids.NameOf(c), $"`{c}`"]));
        Say(
            "Any transfer syntax of a proposed storage class is accepted, known or not; of several in one context the sender's own compressed one. Other services take explicit VR little endian, then implicit VR, then big endian."
        );
        Table(
            ["Transfer syntax", "UID", "Kept and sent", "Decoded for display"],
            DicomUids
                .TransferSyntaxes.Where(IsOfObjects)
                .Select(TransferSyntax.Of)
                .Select(s =>
                    (string[])[s.Name, $"`{s.Uid}`", "as it came", ArchiveConformance.Decodes(s) ? "yes" : "no"]
                )
        );
    }

    private void Searching()
    {
        Say("## Query keys (C-FIND and QIDO-RS)");
        Say(
            "Hierarchical queries; relational ones where they were agreed on, else A900. QIDO-RS always combines a date and its time (of the study, the series, the performed step) when both are ranges of the same form. Every key of a request stands in its answers. A key that is not in this list does not narrow the search and is answered empty, with status FF01."
        );
        Table(
            ["Attribute", "Tag", "From level", "Matching"],
            ArchiveConformance.SearchableAttributes.Select(a =>
                (string[])
                    [
                        (a.Sequence is { } s ? $"{DicomDictionary.Find(s)?.Keyword}." : "")
                            + DicomDictionary.Find(a.Tag)?.Keyword,
                        (a.Sequence is { } t ? $"{t}." : "") + a.Tag,
                        a.Level,
                        a.Matching,
                    ]
            )
        );
    }

    private void Web()
    {
        Say("## DICOMweb (PS3.18)");
        Say(
            "`OPTIONS /dicomweb` answers the same list as WADL. Media types: application/dicom, application/dicom+json, application/octet-stream and the image types of PS3.18 8.7.3, alone where the standard allows it and as multipart/related; what cannot be given is 406, never something else."
        );
        var routes = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(d => d.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(r => r.RoutePattern.RawText?.StartsWith("/dicomweb", StringComparison.Ordinal) is true)
            .GroupBy(r => r.RoutePattern.RawText!, StringComparer.Ordinal)
            .OrderBy(r => r.Key, StringComparer.Ordinal);
        Table(
            ["Resource", "Methods"],
            routes.Select(r =>
                (string[])
                    [
                        $"`{r.Key}`",
                        string.Join(
                            ", ",
                            r.SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                                .Distinct(StringComparer.Ordinal)
                                .Order(StringComparer.Ordinal)
                        ),
                    ]
            )
        );
    }

    private void CharacterSets()
    {
        Say("## Character sets");
        Say(
            "Read: every defined term of PS3.3 C.12.1.1.2, single-byte and with code extensions, GB18030, GBK and UTF-8. Objects are handed out in their own; DICOM JSON is UTF-8; C-FIND and worklist answers use the set of the request where the text can be written in it, and otherwise ISO_IR 100; UTF-8 only for who speaks it."
        );
    }

    private void Security()
    {
        Say("## Security");
        Say(
            "TLS by the profile BCP 195 (PS3.15 B.12): 1.2 with forward secrecy and authenticated encryption, and 1.3; both sides show a certificate, and ours takes those whose SHA-256 thumbprint is registered. De-identification: PS3.15 E, as a function of the library."
        );
    }

    // Those of real-time video and of media types other than application/dicom are never proposed for an object.
    private static bool IsOfObjects(string syntax) =>
        !syntax.StartsWith("1.2.840.10008.1.2.6.", StringComparison.Ordinal)
        && !syntax.StartsWith("1.2.840.10008.1.2.7.", StringComparison.Ordinal);

    private static string Words(DeviceRole role) =>
        role switch
        {
            DeviceRole.Modality => "modality",
            DeviceRole.Workstation => "workstation",
            _ => "peer archive",
        };

    private void Say(string paragraph) => _text.Append(paragraph).Append("\n\n");

    private void Table(string[] head, IEnumerable<string[]> rows)
    {
        Row(head);
        Row([.. head.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row(row);
        }
        _text.Append('\n');
    }

    private void Row(string[] cells) =>
        _text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |").Append('\n');
}
