using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Places;

/// <summary>
/// A workstation of the clinic and where it stands. Its browser proves which one it is by a key that it was given once; of key and code only
/// the SHA-256 is kept. Displays that are registered under the same name are those of this workstation.
/// </summary>
public sealed class Workstation
{
    /// <summary>A short name, such as <c>station-1</c>: it stands in the ledger with each step that is taken there.</summary>
    public required string Id { get; init; }

    /// <summary>As people read it.</summary>
    public required string Name { get; set; }
    public required Zone Zone { get; set; }
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>The SHA-256 of the code that enrols a browser once, in hexadecimal; empty when none is open.</summary>
    public string CodeHash { get; set; } = "";
    public DateTimeOffset? CodeUntil { get; set; }

    /// <summary>The SHA-256 of the key in its browser's cookie, in hexadecimal; empty while it is not enrolled.</summary>
    public string KeyHash { get; set; } = "";
    public DateTimeOffset? EnrolledAt { get; set; }

    /// <summary>When it was taken out of use; null while it is in use.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsEnrolled => KeyHash.Length > 0;
}

internal sealed class PlacesModel : IModelPart
{
    public void Configure(ModelBuilder model) =>
        model.Entity<Workstation>(e =>
        {
            e.ToTable("workstations");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.CodeHash);
            e.HasIndex(x => x.KeyHash);
            e.Property(x => x.Zone).HasConversion<string>();
            e.Ignore(x => x.IsEnrolled);
        });
}
