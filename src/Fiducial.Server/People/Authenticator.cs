using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>The second factor: a time-based code (RFC 6238), kept by ASP.NET Core Identity, checked by the clinic's clock.</summary>
internal sealed class Authenticator(UserManager<Person> people, ClinicOptions clinic, TimeProvider clock)
    : ISecondFactor
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public async Task<bool> VerifyAsync(string personId, string code, CancellationToken ct = default)
    {
        if (
            await people.FindByNameAsync(personId) is not { } person
            || await people.GetAuthenticatorKeyAsync(person) is not { } key
        )
        {
            return false;
        }
        var typed = Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        var now = clock.GetUtcNow();
        // RFC 6238 5.2: one step either way, for the time that typing takes and clocks that differ.
        return ((int[])[-30, 0, 30]).Any(seconds =>
            CryptographicOperations.FixedTimeEquals(typed, Encoding.UTF8.GetBytes(CodeAt(key, now.AddSeconds(seconds))))
        );
    }

    public async Task<string?> DemonstrationCodeAsync(string personId, CancellationToken ct = default) =>
        clinic.IsDemonstration
        && await people.FindByNameAsync(personId) is { } person
        && await people.GetAuthenticatorKeyAsync(person) is { } key
            ? CodeAt(key, clock.GetUtcNow())
            : null;

    // RFC 6238 with HMAC-SHA-1, 30 seconds and six digits, as authenticators use it.
    internal static string CodeAt(string base32, DateTimeOffset at)
    {
        var key = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in base32.TrimEnd('='))
        {
            bits = (bits << 5) | Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                key.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The algorithm is that of the standard and of the authenticators.
        var hash = HMACSHA1.HashData(key.ToArray(), step);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFFFFFF;
        return (code % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
