using Fiducial.Pathway.Access;

namespace Fiducial.Server.Doors;

/// <summary>The place of FHIR R4. It is not built yet and says so, in the words of FHIR, to everyone alike.</summary>
internal static class FhirEndpoints
{
    private const string NotBuilt = """
        {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-supported","diagnostics":"FHIR is not built yet."}]}
        """;

    public static void MapFhir(this IEndpointRouteBuilder routes) =>
        routes
            .Map(
                "/fhir/{**rest}",
                () =>
                    TypedResults.Text(
                        NotBuilt,
                        "application/fhir+json",
                        statusCode: StatusCodes.Status501NotImplemented
                    )
            )
            .WithMetadata(new PublicAttribute())
            .DisableAntiforgery();
}
