namespace Fiducial.Foundation.Web;

/// <summary>A room's entry in the heading of every page, for the role (pathway: TECH, RAD …) whose room it is.</summary>
public sealed record RoomLink(string Role, string Href, string Title);
