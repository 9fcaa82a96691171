using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.PrivacyOffice.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.PrivacyOffice;

public static class Endpoints
{
    public static void MapPrivacyOffice(this IEndpointRouteBuilder routes)
    {
        var audit = new AccessAttribute(DataClass.AUD, Verb.Read, Role.PRV);
        routes.MapGet("/fhir/AuditEvent", AuditEventSearch.RunAsync).WithMetadata(audit);
        routes.MapGet("/fhir/AuditEvent/{id:long}", AuditEventSearch.OneAsync).WithMetadata(audit);
    }
}
