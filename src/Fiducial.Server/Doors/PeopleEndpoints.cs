using System.Globalization;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Server.People;

namespace Fiducial.Server.Doors;

/// <summary>What the administrator does at the page of people. No exam and no result is in reach here.</summary>
internal static class PeopleEndpoints
{
    public const string Page = "/administration/people";

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var access = new AccessAttribute(DataClass.C0, Verb.Read, Role.ADM);
        foreach (var act in (string[])["add", "disable", "enable", "credential", "end-credential", "successor"])
        {
            routes
                .MapPost(
                    $"{Page}/{act}",
                    async (
                        IFormCollection form,
                        HttpContext http,
                        KeepPeople people,
                        KeepCredentials credentials,
                        TimeProvider clock,
                        KeptForm kept,
                        CancellationToken ct
                    ) =>
                    {
                        if (await RunAsync(act, form, http, people, credentials, clock, ct) is { } fault)
                        {
                            // What was typed may be a password.
                            kept.Refuse(http, TypedForm.Empty, fault, Page);
                        }
                        return TypedResults.LocalRedirect(Page);
                    }
                )
                .WithMetadata(access);
        }
    }

    private static async Task<string?> RunAsync(
        string act,
        IFormCollection form,
        HttpContext http,
        KeepPeople people,
        KeepCredentials credentials,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        string Text(string key) => form[key].ToString().Trim();
        var name = Text("person");
        switch (act)
        {
            case "add":
                return await people.AddAsync(name, Text("display"), Text("role"), Text("password"));
            case "disable":
                return name == http.Actor().Id
                    ? "Nobody shuts themselves out: another administrator does."
                    : await people.DisableAsync(name);
            case "enable":
                return await people.EnableAsync(name);
            case "end-credential":
                return long.TryParse(Text("credential"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    ? await credentials.EndAsync(id, Text("reason"), ct)
                    : "Choose the credential.";
            case "successor":
                return await people.NameSuccessorAsync(name, Text("custodian"), Text("agreement"), ct);
            default:
                var until = TypedText.Day(Text("until"));
                if (TypedText.Day(Text("from")) is not { } from || (until is null && Text("until").Length > 0))
                {
                    return "Give the first day, and the last day or none.";
                }
                return await credentials.AddAsync(
                    new Credential
                    {
                        PersonId = name,
                        Kind = Text("kind"),
                        IssuingBody = Text("body"),
                        Jurisdiction = Text("jurisdiction"),
                        Number = Text("number"),
                        Modalities = Text("modalities"),
                        BodyRegions = Text("regions"),
                        From = from,
                        Until = until,
                        VerifiedAt = clock.GetUtcNow(),
                        VerifiedBy = http.Actor().Id,
                    },
                    ct
                );
        }
    }
}
