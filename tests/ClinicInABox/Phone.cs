using OtpNet;

namespace Fiducial.Tests;

/// <summary>An authenticator on somebody's phone: RFC 6238 by another hand than the server's.</summary>
public sealed class Phone(string key, TimeProvider clock)
{
    private readonly Totp _totp = new(Base32Encoding.ToBytes(key.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>The code of this half minute.</summary>
    public string Shows => _totp.ComputeTotp(clock.GetUtcNow().UtcDateTime);
}
