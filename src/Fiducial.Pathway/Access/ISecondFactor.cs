using Microsoft.AspNetCore.Http;

namespace Fiducial.Pathway.Access;

/// <summary>Checks that a person has something beside a password: the code of an authenticator (RFC 6238), or a passkey (WebAuthn).</summary>
public interface ISecondFactor
{
    /// <summary>What a refusal says to somebody who has nothing to show yet.</summary>
    public const string HowToEnrol =
        "A second factor is needed for this: enrol an authenticator or a passkey under My account (your name, at the top of the page), then do it again.";

    /// <summary>
    /// True when the answer is this person's, and was not used before: from now on it is. A wrong one counts towards the lock-out. Whoever asked says
    /// what became of it (<see cref="SettleAsync"/>).
    /// </summary>
    /// <param name="answer">A code, or what a passkey answered, as <see cref="AnswerIn"/> finds it in a form.</param>
    Task<bool> VerifyAsync(string personId, string answer, CancellationToken ct = default);

    /// <summary>
    /// After the step for which the answer was verified. When it was taken, wrong answers before are forgiven; when it was refused for another
    /// reason, a code that was right can be typed once more. A wrong answer stays what it was.
    /// </summary>
    Task SettleAsync(bool taken, CancellationToken ct = default);

    /// <summary>Whether the person has an authenticator or a passkey; in a demonstration everyone has one.</summary>
    Task<bool> IsEnrolledAsync(string personId, CancellationToken ct = default);

    /// <summary>The code that the authenticator shows now; only in a demonstration, where nobody has one. Else null.</summary>
    Task<string?> DemonstrationCodeAsync(string personId, CancellationToken ct = default);

    /// <summary>The answer in a form: of the field <c>passkey</c>, else the field <c>code</c>.</summary>
    static string AnswerIn(IFormCollection form) =>
        form["passkey"].ToString() is { Length: > 0 } passkey ? passkey : form["code"].ToString();
}
