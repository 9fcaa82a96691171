using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
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
        var order = new AccessAttribute(DataClass.C1, Verb.Write, Role.REF);
        routes
            .MapPost("/office/orders/{exam:guid}/answer", AnswerQuestion.RunAsync)
            .WithMetadata(order, new StepAttribute("O4"));
        routes.MapStep(
            "/office/orders/{exam:guid}/cancel",
            "/office/orders/{exam}",
            order,
            new StepForm("O8") { Says = ["reason"] }
        );
        const string draft = "/office/exams/{exam:guid}/drafts/{form}";
        routes
            .MapGet(draft, KeepDraft.ShowAsync)
            .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Read, Role.REF, Role.COV, Role.MDR));
        routes
            .MapPut(draft, KeepDraft.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Write, Role.REF, Role.COV, Role.MDR));
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
        MapCover(routes);
        MapOtherWays(routes);
        foreach (var (name, step, data, verb) in Steps)
        {
            routes
                .MapPost(
                    $"/office/exams/{{exam:guid}}/{name}",
                    (Guid exam, IFormCollection form, HttpContext http, AnswerResult answer, CancellationToken ct) =>
                        AnswerResult.FromFormAsync(exam, name, form, http, answer, ct)
                )
                .WithMetadata(new AccessAttribute(data, verb, Role.REF, Role.COV, Role.MDR), new StepAttribute(step));
        }
    }

    private static void MapCover(IEndpointRouteBuilder routes)
    {
        foreach (var act in (string[])["ask", "accept", "end"])
        {
            routes
                .MapPost(
                    $"/office/cover/{act}",
                    (IFormCollection form, HttpContext http, CoverAbsence cover, CancellationToken ct) =>
                        CoverAbsence.FromFormAsync(act, form, http, cover, ct)
                )
                .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Write, Role.REF, Role.COV, Role.MDR));
        }
        foreach (var act in (string[])["name", "end"])
        {
            routes
                .MapPost(
                    $"/office/delegates/{act}",
                    (IFormCollection form, HttpContext http, NameDelegate delegation, CancellationToken ct) =>
                        NameDelegate.FromFormAsync(act, form, http, delegation, ct)
                )
                .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Write, Role.REF, Role.COV, Role.MDR));
        }
        routes
            .MapPost("/care-team/exams/{exam:guid}/attempts", NameDelegate.AttemptFromFormAsync)
            .WithMetadata(new AccessAttribute(DataClass.DUTY, Verb.Write, Role.DEL));
        routes
            .MapPost("/office/emergency", BreakGlass.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C3f, Verb.Read, Role.REF, Role.COV, Role.MDR));
    }

    private static void MapOtherWays(IEndpointRouteBuilder routes)
    {
        const string page = "/office/exams/{exam}";
        var read = new AccessAttribute(DataClass.C3f, Verb.Read, Role.REF, Role.COV, Role.MDR);
        var duty = new AccessAttribute(DataClass.DUTY, Verb.Write, Role.REF, Role.COV, Role.MDR);
        var release = new AccessAttribute(DataClass.REL, Verb.Act, Role.REF, Role.COV, Role.MDR);
        void Step(string name, AccessAttribute access, StepForm form) =>
            routes.MapStep($"/office/exams/{{exam:guid}}/{name}", page, access, form);
        // Who no longer holds the duty may still answer late: the guard knows the last who did.
        Step("acknowledge-late", read, new StepForm("U7") { Says = ["viewedHash"] });
        Step("acknowledge-finding", duty, new StepForm("A8") { Says = ["viewedHash"] });
        Step("not-mine", duty, new StepForm("U4") { Writes = ["reason"] });
        Step("pass-on", duty, new StepForm("U5") { Says = ["holderId"] });
        Step("take-over", read, new StepForm("U8") { Says = ["holderId", "letter"] });
        Step("hold", release, new StepForm("L4") { Moments = ["expires"], Writes = ["reason"] });
        Step("lift", release, new StepForm("L6"));
        Step("misdirected", read, new StepForm("D6") { Says = ["said", "containment"] });
        Step("dispute", read, new StepForm("I9") { Says = ["suspicion"] });
        Step("follow-up/accept", duty, new StepForm("F2") { Says = ["link"], Moments = ["dueAt"] });
        Step("follow-up/decline", duty, new StepForm("F3") { Writes = ["reason"] });
        Step("follow-up/done", duty, new StepForm("F6") { Says = ["documentedElsewhere", "examId"] });
        Step("follow-up/give-up", duty, new StepForm("F7") { Writes = ["reason"] });
        Step("follow-up/rebook", duty, new StepForm("F8") { Moments = ["dueAt"] });
    }

    private static readonly (string, string, DataClass, Verb)[] Steps =
    [
        ("acknowledge", "U2", DataClass.DUTY, Verb.Write),
        ("review", "U9", DataClass.DUTY, Verb.Write),
        ("discussion", "U10", DataClass.DUTY, Verb.Write),
        ("not-reached", "U10", DataClass.DUTY, Verb.Write),
        ("release", "L2", DataClass.REL, Verb.Act),
        ("close", "U11", DataClass.DUTY, Verb.Write),
    ];
}
