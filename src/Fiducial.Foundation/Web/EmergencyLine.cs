namespace Fiducial.Foundation.Web;

/// <summary>Whom to call in an emergency, as the release policy of the place names it; every page that says when to seek help says this.</summary>
/// <param name="Number">A telephone number as it is spoken, such as 911 or 999.</param>
public sealed record EmergencyLine(string Number);
