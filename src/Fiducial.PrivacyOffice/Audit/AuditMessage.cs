using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Fiducial.Pathway.Audit;

namespace Fiducial.PrivacyOffice.Audit;

/// <summary>A row of the audit chain as the DICOM audit message (PS3.15 A.5.1) in a syslog message (RFC 5424, PS3.15 A.6).</summary>
internal static class AuditMessage
{
    /// <summary>Facility 10 (security), severity 5 (notice).</summary>
    private const int Priority = (10 * 8) + 5;

    /// <summary>The whole message: header, byte order mark, XML.</summary>
    public static byte[] Syslog(AuditEntry e, string host)
    {
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"<{Priority}>1 {Time(e)} {Printable(host)} Fiducial {Environment.ProcessId} DICOM+RFC3881 - "
        );
        return
        [
            .. Encoding.ASCII.GetBytes(header),
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes(Xml(e).ToString(SaveOptions.DisableFormatting)),
        ];
    }

    public static XElement Xml(AuditEntry e)
    {
        var (code, words) = EventId(e);
        var identification = new XElement(
            "EventIdentification",
            new XAttribute(
                "EventActionCode",
                e.Action switch
                {
                    "read" or "export" => "R",
                    "write" => "U",
                    _ => "E",
                }
            ),
            new XAttribute("EventDateTime", Time(e)),
            new XAttribute("EventOutcomeIndicator", e.Allowed ? "0" : "4"),
            Coded("EventID", code, words)
        );
        if (e.Action is "sign-in")
        {
            identification.Add(Coded("EventTypeCode", "110122", "Login"));
        }
        identification.Add(
            new XElement(
                "PurposeOfUse",
                new XAttribute("csd-code", e.Purpose),
                new XAttribute("codeSystemName", "2.16.840.1.113883.5.8"),
                new XAttribute("originalText", e.Purpose)
            )
        );
        var user = new XElement(
            "ActiveParticipant",
            new XAttribute("UserID", Text(e.ActorId.Length > 0 ? e.ActorId : "unknown")),
            new XAttribute("UserName", Text(e.ActorName)),
            new XAttribute("UserIsRequestor", "true"),
            new XElement(
                "RoleIDCode",
                new XAttribute("csd-code", e.Role),
                new XAttribute("codeSystemName", "Fiducial"),
                new XAttribute("originalText", e.Role)
            )
        );
        if (System.Net.IPAddress.TryParse(e.From, out _))
        {
            user.Add(new XAttribute("NetworkAccessPointID", e.From), new XAttribute("NetworkAccessPointTypeCode", "2"));
        }
        var message = new XElement(
            "AuditMessage",
            identification,
            user,
            new XElement(
                "AuditSourceIdentification",
                new XAttribute("AuditSourceID", "Fiducial"),
                new XElement("AuditSourceTypeCode", new XAttribute("csd-code", "4"))
            )
        );
        if (e.PatientId.Length > 0)
        {
            message.Add(
                Participant(
                    e.PatientId,
                    "1",
                    "1",
                    Coded("ParticipantObjectIDTypeCode", "2", "Patient Number", "RFC-3881")
                )
            );
        }
        if (e.ExamId is { } exam)
        {
            message.Add(
                Participant(
                    exam.ToString("D"),
                    "2",
                    "20",
                    Coded("ParticipantObjectIDTypeCode", "exam", "Exam of the clinic", "Fiducial")
                )
            );
        }
        message.Add(
            Participant(
                Text(e.What.Length > 0 ? e.What : "sign-in"),
                "2",
                "3",
                Coded("ParticipantObjectIDTypeCode", "12", "URI", "RFC-3881")
            )
        );
        return message;
    }

    private static (string Code, string Words) EventId(AuditEntry e) =>
        e switch
        {
            { Action: "sign-in" } => ("110114", "User Authentication"),
            { Data: "AUD" } => ("110101", "Audit Log Used"),
            { Action: "list" } => ("110112", "Query"),
            { Action: "export" } => ("110106", "Export"),
            { Data: "C2f" or "C2x" or "C2p" } => ("110103", "DICOM Instances Accessed"),
            _ => ("110110", "Patient Record"),
        };

    private static XElement Participant(string id, string type, string role, XElement idType) =>
        new(
            "ParticipantObjectIdentification",
            new XAttribute("ParticipantObjectID", Text(id)),
            new XAttribute("ParticipantObjectTypeCode", type),
            new XAttribute("ParticipantObjectTypeCodeRole", role),
            idType
        );

    private static XElement Coded(string element, string code, string words, string system = "DCM") =>
        new(
            element,
            new XAttribute("csd-code", code),
            new XAttribute("codeSystemName", system),
            new XAttribute("originalText", words)
        );

    // Names come from outside: what XML cannot carry becomes a question mark.
    private static string Text(string text) =>
        string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '?'));

    private static string Printable(string host) =>
        host.Length > 0 && host.All(c => c is > ' ' and < (char)127) ? host : "-";

    private static string Time(AuditEntry e) =>
        e.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
