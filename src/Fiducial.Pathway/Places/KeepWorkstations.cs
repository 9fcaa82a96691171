using System.Security.Cryptography;
using System.Text;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Places;

/// <summary>The register of workstations: who is in it, how a browser becomes one of them, and which one shows a key.</summary>
public sealed class KeepWorkstations(ClinicDb db, TimeProvider clock)
{
    /// <summary>How long the code that is typed at a workstation is good.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromHours(1);

    // Crockford's base 32: nothing in it is taken for something else when it is read out and typed.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int CodeLength = 16;
    private const int LongestId = 32;

    /// <summary>Registers a workstation, or changes the name and zone of one that is in use.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public async Task<string?> RegisterAsync(string id, string name, string zone, CancellationToken ct = default)
    {
        if (
            id.Length is 0 or > LongestId
            || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')
        )
        {
            return $"Name it with small letters, digits and hyphens, at most {LongestId}, such as exam-room-1.";
        }
        if ((TypedText.Fault("name", name) ?? (name.Length == 0 ? "Give the name as others read it." : null)) is { } f)
        {
            return f;
        }
        if (Zones.Of(zone) is not { } place)
        {
            return $"'{zone}' is no zone: {string.Join(", ", Zones.OfTheClinic.Select(z => z.Words()))}.";
        }
        if (await db.Set<Workstation>().FirstOrDefaultAsync(w => w.Id == id, ct) is { } known)
        {
            if (known.RevokedAt is not null)
            {
                return $"{id} was taken out of use, and the ledgers name it: choose another name.";
            }
            (known.Name, known.Zone) = (name, place);
        }
        else
        {
            db.Add(
                new Workstation
                {
                    Id = id,
                    Name = name,
                    Zone = place,
                    RegisteredAt = clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>A code that enrols one browser as this workstation, once and within an hour. What it had before goes on until then.</summary>
    /// <returns>The code, or what is wrong.</returns>
    public async Task<(string? Code, string? Fault)> CodeAsync(string id, CancellationToken ct = default)
    {
        var code = RandomNumberGenerator.GetString(Letters, CodeLength);
        var (hash, until) = (HashOf(code), (DateTimeOffset?)(clock.GetUtcNow() + CodeLife));
        var changed = await db.Set<Workstation>()
            .Where(w => w.Id == id && w.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(w => w.CodeHash, hash).SetProperty(w => w.CodeUntil, until), ct);
        return changed == 1 ? (string.Join('-', code.Chunk(4).Select(c => new string(c))), null) : (null, Unknown(id));
    }

    /// <summary>Takes a workstation out of use: from the next request on its browser is one from outside.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public async Task<string?> RevokeAsync(string id, CancellationToken ct = default)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var changed = await db.Set<Workstation>()
            .Where(w => w.Id == id && w.RevokedAt == null)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(w => w.RevokedAt, now)
                        .SetProperty(w => w.KeyHash, "")
                        .SetProperty(w => w.CodeHash, ""),
                ct
            );
        return changed == 1 ? null : Unknown(id);
    }

    /// <summary>Uses a code, with the hyphens or without: from then on whoever shows the key is the workstation, and whoever showed an earlier one is not.</summary>
    /// <returns>The key, which is told this once; null when the code opens nothing.</returns>
    public async Task<string?> EnrolAsync(string typed, CancellationToken ct = default)
    {
        var code = HashOf(new string([.. typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]));
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var hash = HashOf(key);
        DateTimeOffset? now = clock.GetUtcNow();
        // One statement: of two browsers that type it at once one is enrolled.
        var used = await db.Set<Workstation>()
            .Where(w => w.CodeHash == code && w.RevokedAt == null && w.CodeUntil > now)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(w => w.KeyHash, hash)
                        .SetProperty(w => w.EnrolledAt, now)
                        .SetProperty(w => w.CodeHash, ""),
                ct
            );
        return used == 1 ? key : null;
    }

    /// <summary>The workstation that shows this key; null when there is none.</summary>
    public Task<Workstation?> ShowingAsync(string key, CancellationToken ct = default)
    {
        var hash = HashOf(key);
        return db.Set<Workstation>().AsNoTracking().FirstOrDefaultAsync(w => w.KeyHash == hash, ct);
    }

    public Task<bool> IsInUseAsync(string id, CancellationToken ct = default) =>
        db.Set<Workstation>().AnyAsync(w => w.Id == id && w.RevokedAt == null, ct);

    /// <summary>Whether an exam room of this site has a workstation that is enrolled.</summary>
    public Task<bool> HasExamRoomAsync(CancellationToken ct = default) =>
        db.Set<Workstation>().AnyAsync(w => w.Zone == Zone.ExamRoom && w.KeyHash != "", ct);

    private static string Unknown(string id) => $"No workstation that is in use is called '{id}'.";

    private static string HashOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
