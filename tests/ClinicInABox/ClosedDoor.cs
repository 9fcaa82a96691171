using System.Net;

namespace Fiducial.Tests;

/// <summary>A route and how it is asked.</summary>
public sealed record Door(string Method, string Path)
{
    public static Door Get(string path) => new("GET", path);

    public static Door Post(string path) => new("POST", path);

    public static Door Put(string path) => new("PUT", path);
}

/// <summary>What is denied cannot be told from what does not exist: the same 404, the same headers, the same bytes.</summary>
public static class ClosedDoor
{
    /// <summary>Asks each door as everyone who is not named, and compares with the answer for a page that does not exist.</summary>
    /// <returns>Sentences that name each difference; none when all doors are closed.</returns>
    public static async Task<IReadOnlyList<string>> OpenForOthersAsync(
        this ClinicInABox clinic,
        IReadOnlyList<Person> insiders,
        params IReadOnlyList<Door> doors
    )
    {
        var differences = new List<string>();
        foreach (var person in clinic.Everyone.Except(insiders))
        {
            foreach (var door in doors)
            {
                var answer = await AskAsync(person, door);
                var missing = await AskAsync(person, door with { Path = "/there-is-no-such-page" });
                if (
                    answer.Status is not HttpStatusCode.NotFound
                    || answer.Text != missing.Text
                    || answer.Headers != missing.Headers
                    || answer.Status != missing.Status
                )
                {
                    differences.Add($"{door.Method} {door.Path} as {person.Name}: {answer.Status} {answer.Headers}");
                }
            }
        }
        return differences;
    }

    /// <summary>True when this page answers somebody as one that does not exist.</summary>
    public static async Task<bool> OpensLikeNothingAsync(this ClinicInABox clinic, Person person, string path)
    {
        var (answer, missing) = (await person.Opens(path), await person.Opens("/there-is-no-such-page"));
        return (answer.Status, answer.Headers, answer.Text) == (missing.Status, missing.Headers, missing.Text);
    }

    private static Task<Page> AskAsync(Person person, Door door) =>
        door.Method switch
        {
            "GET" => person.Opens(door.Path),
            "POST" => person.Posts(door.Path),
            _ => person.SendsJson(new HttpMethod(door.Method), door.Path, new { }),
        };
}
