using Fiducial.Foundation.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>Someone who signs in: their one role. What they may do in it stands in their credentials; name and password are ASP.NET Core Identity's.</summary>
public sealed class Person : IdentityUser
{
    public required string DisplayName { get; set; }

    /// <summary>A role of the pathway: TECH, RAD, REF …</summary>
    public required string Role { get; set; }

    /// <summary>Last handshake with the place where results are sent.</summary>
    public DateTimeOffset? EndpointVerifiedAt { get; set; }

    /// <summary>The last 30 seconds (since 1970) of which a code was used: neither it nor an earlier one opens again (RFC 6238 5.2).</summary>
    public long LastCodeStep { get; set; }
}

internal sealed class PeopleModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.NormalizedUserName).IsUnique();
            e.Property(x => x.ConcurrencyStamp).IsConcurrencyToken();
        });
        model.Entity<IdentityUserClaim<string>>(e => e.ToTable("people_claims").HasKey(x => x.Id));
        model.Entity<IdentityUserLogin<string>>(e =>
            e.ToTable("people_logins").HasKey(x => new { x.LoginProvider, x.ProviderKey })
        );
        model.Entity<IdentityUserToken<string>>(e =>
            e.ToTable("people_tokens")
                .HasKey(x => new
                {
                    x.UserId,
                    x.LoginProvider,
                    x.Name,
                })
        );
        // As Identity's own schema version 3 has it.
        model.Entity<IdentityUserPasskey<string>>(e =>
        {
            e.ToTable("people_passkeys");
            e.HasKey(x => x.CredentialId);
            e.Property(x => x.CredentialId).HasMaxLength(1024);
            e.HasIndex(x => x.UserId);
            e.OwnsOne(x => x.Data).ToJson();
        });
        model.Entity<SessionRecord>(e =>
        {
            e.ToTable("sessions");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.LastSeenAt);
        });
        model.Entity<AnsweredQuestion>(e =>
        {
            e.ToTable("passkey_answers");
            e.HasKey(x => x.Id);
        });
    }
}
