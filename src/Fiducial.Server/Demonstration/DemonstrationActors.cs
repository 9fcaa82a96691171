using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.Demonstration;

/// <summary>The people of the demonstration as actors, as their sessions would make them.</summary>
internal static class DemonstrationActors
{
    public static async Task<Actor> ActorAsync(this UserManager<Person> people, string name) =>
        Session.Of((await people.FindByNameAsync(name))!, "demonstration").Actor()!;
}
