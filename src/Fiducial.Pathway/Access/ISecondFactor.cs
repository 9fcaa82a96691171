namespace Fiducial.Pathway.Access;

/// <summary>Checks the code of a person's authenticator (RFC 6238).</summary>
public interface ISecondFactor
{
    Task<bool> VerifyAsync(string personId, string code, CancellationToken ct = default);

    /// <summary>The code that the authenticator shows now; only in a demonstration, where nobody has one. Else null.</summary>
    Task<string?> DemonstrationCodeAsync(string personId, CancellationToken ct = default);
}
