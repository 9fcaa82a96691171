using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Rooms;
using Fiducial.PrivacyOffice.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.PrivacyOffice;

public static class Endpoints
{
    public static void MapPrivacyOffice(this IEndpointRouteBuilder routes)
    {
        var decide = new AccessAttribute(DataClass.REL, Verb.Act, Role.PRV);
        var office = new AccessAttribute(DataClass.AUD, Verb.Read, Role.PRV);
        void Step(string name, AccessAttribute access, StepForm form) =>
            routes.MapStep($"/privacy/exams/{{exam:guid}}/{name}", "/privacy/exams/{exam}", access, form);
        Step(
            "grant",
            decide,
            new StepForm("L8")
            {
                Says = ["holderAnswer"],
                Moments = ["holderAskedAt"],
                Writes = ["letter"],
            }
        );
        Step("refuse", decide, new StepForm("L9") { Says = ["ground", "severance", "appeal"], Writes = ["letter"] });
        Step("overturned", decide, new StepForm("L10") { Says = ["orderReference"] });
        Step("freeze", office, new StepForm("B5") { Says = ["suspicion"] });
        Step("legal-hold", office, new StepForm("B6") { Says = ["orderReference"] });
        Step("end-legal-hold", office, new StepForm("B9") { Says = ["orderReference"] });
        routes.MapStep(
            "/privacy/exams/{exam:guid}/review-glass",
            "/privacy/emergencies",
            new AccessAttribute(DataClass.AUD, Verb.Read, Role.PRV, Role.MDR),
            new StepForm("B8")
            {
                Counts = ["glass"],
                Says = ["outcome"],
                Writes = ["finding"],
            }
        );
        Step("resolve", office, new StepForm("B7") { Says = ["resolution"] });
        Step("misdirected", office, new StepForm("D6") { Says = ["said", "containment"] });
        Step("dispute", office, new StepForm("I9") { Says = ["suspicion"] });
        routes.MapProxies("/privacy/proxies", decide, "record", "restrict", "dispute", "decide", "end", "died");
        var retention = new AccessAttribute(DataClass.C0, Verb.Read, Role.PRV, Role.MDR);
        routes.MapPost($"{DecideRetention.Page}/request", DecideRetention.RequestAsync).WithMetadata(retention);
        routes.MapPost($"{DecideRetention.Page}/decide", DecideRetention.DecideAsync).WithMetadata(retention);
        var audit = new AccessAttribute(DataClass.AUD, Verb.Read, Role.PRV);
        routes.MapGet("/fhir/AuditEvent", AuditEventSearch.RunAsync).WithMetadata(audit);
        routes.MapGet("/fhir/AuditEvent/{id:long}", AuditEventSearch.OneAsync).WithMetadata(audit);
    }
}
