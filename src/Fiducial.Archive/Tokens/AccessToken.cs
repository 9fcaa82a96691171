namespace Fiducial.Archive.Tokens;

/// <summary>What a token opens.</summary>
[Flags]
public enum TokenScope
{
    None = 0,

    /// <summary>QIDO-RS and WADO-RS.</summary>
    Read = 1,

    /// <summary>STOW-RS.</summary>
    Store = 2,

    /// <summary>The quarantine.</summary>
    Admin = 4,
}

/// <summary>A bearer token (RFC 6750) as it is kept: never itself, only its hash.</summary>
/// <param name="Name">Who or what it was made for; its own for ever.</param>
/// <param name="Until">From then on it opens nothing.</param>
/// <param name="EndedAt">When it was taken back, or null.</param>
public sealed record AccessToken(
    string Name,
    TokenScope Scope,
    DateTimeOffset MadeAt,
    DateTimeOffset Until,
    DateTimeOffset? EndedAt
);
