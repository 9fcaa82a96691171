using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.DoctorsOffice;

public static class Endpoints
{
    public static void MapDoctorsOffice(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/office/refer", ReferPatient.FromFormAsync)
            .WithMetadata(new AccessAttribute(DataClass.C1, Verb.Write, Role.REF));
        const string draft = "/office/exams/{exam:guid}/drafts/{form}";
        routes
            .MapGet(draft, KeepDraft.ShowAsync)
            .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Read, Role.REF));
        routes
            .MapPut(draft, KeepDraft.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Write, Role.REF));
        var referral = new AccessAttribute(DataClass.C1, Verb.Write, Role.REF);
        routes
            .MapGet(
                "/office/refer/draft",
                (HttpContext http, ClinicDb db, CancellationToken ct) =>
                    KeepDraft.ShowAsync(Guid.Empty, "refer", http, db, ct)
            )
            .WithMetadata(referral);
        routes
            .MapPut(
                "/office/refer/draft",
                (HttpContext http, ClinicDb db, TimeProvider clock, CancellationToken ct) =>
                    KeepDraft.RunAsync(Guid.Empty, "refer", http, db, clock, ct)
            )
            .WithMetadata(referral);
        foreach (var (name, step, data, verb) in Steps)
        {
            routes
                .MapPost(
                    $"/office/exams/{{exam:guid}}/{name}",
                    (Guid exam, IFormCollection form, HttpContext http, AnswerResult answer, CancellationToken ct) =>
                        AnswerResult.FromFormAsync(exam, name, form, http, answer, ct)
                )
                .WithMetadata(new AccessAttribute(data, verb, Role.REF), new StepAttribute(step));
        }
    }

    private static readonly (string, string, DataClass, Verb)[] Steps =
    [
        ("acknowledge", "U2", DataClass.DUTY, Verb.Write),
        ("review", "U9", DataClass.DUTY, Verb.Write),
        ("discussion", "U10", DataClass.DUTY, Verb.Write),
        ("release", "L2", DataClass.REL, Verb.Act),
        ("close", "U11", DataClass.DUTY, Verb.Write),
    ];
}
