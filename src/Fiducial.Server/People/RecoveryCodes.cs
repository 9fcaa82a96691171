using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>
/// Ten codes on paper for the day on which the authenticator is lost; each opens once. The database has their hashes alone: with 49 bits
/// of chance each, and attempts counted, a plain SHA-256 keeps them.
/// </summary>
internal sealed class RecoveryCodes(UserManager<Person> people)
{
    private const int Count = 10;
    private const string Provider = "Fiducial";
    private const string Name = "recovery codes";

    // Without the letters and digits that are mistaken for each other on paper.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>New codes in place of the old ones: shown now, and never again.</summary>
    public async Task<IReadOnlyList<string>> MakeAsync(Person person)
    {
        string[] codes =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(_ => RandomNumberGenerator.GetString(Letters, 10))
                .Select(c => $"{c[..5]}-{c[5..]}"),
        ];
        await KeepAsync(person, codes.Select(HashOf));
        return codes;
    }

    public async Task<int> LeftAsync(Person person) => (await HashesAsync(person)).Length;

    /// <summary>True when it is one of those that are left; it is none any more.</summary>
    public async Task<bool> RedeemAsync(Person person, string code)
    {
        var hashes = await HashesAsync(person);
        var hash = HashOf(code);
        return hashes.Contains(hash, StringComparer.Ordinal)
            // Of two who bring the same code at once, one finds the person changed.
            && (await KeepAsync(person, hashes.Where(h => h != hash))).Succeeded;
    }

    public Task ForgetAsync(Person person) => people.RemoveAuthenticationTokenAsync(person, Provider, Name);

    /// <summary>A code of an authenticator has digits alone; these have a dash, which may be left out.</summary>
    public static bool LooksLikeOne(string typed) => Bare(typed) is { Length: 10 } bare && !bare.All(char.IsAsciiDigit);

    private Task<IdentityResult> KeepAsync(Person person, IEnumerable<string> hashes) =>
        people.SetAuthenticationTokenAsync(person, Provider, Name, string.Join(' ', hashes));

    private async Task<string[]> HashesAsync(Person person) =>
        (await people.GetAuthenticationTokenAsync(person, Provider, Name) ?? "").Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries
        );

    private static string HashOf(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Bare(code))));

    private static string Bare(string code) =>
        code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
