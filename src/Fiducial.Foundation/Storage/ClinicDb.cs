using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Fiducial.Foundation.Storage;

/// <summary>
/// The clinic's one database, put together from the parts that the rooms bring. A step of the pathway, the content that goes
/// with it and the message that it causes are written in one transaction because they are in one database.
/// </summary>
public abstract class ClinicDb(DbContextOptions options, IEnumerable<IModelPart> parts) : DbContext(options)
{
    /// <summary>True for the server that several nodes share.</summary>
    public bool IsPostgres => this is PostgresClinicDb;

    /// <summary>The names of the parts: two houses of different rooms in one process have different models.</summary>
    internal string PartNames { get; } = string.Join(' ', parts.Select(p => p.GetType().FullName));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var part in parts)
        {
            part.Configure(modelBuilder);
        }
    }
}

/// <summary>One machine, no set-up: a SQLite file in the data folder.</summary>
public sealed class SqliteClinicDb(DbContextOptions<SqliteClinicDb> options, IEnumerable<IModelPart> parts)
    : ClinicDb(options, parts)
{
    // SQLite has no instant: kept as UTC ticks, it compares and orders as one.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();

    private sealed class UtcTicks()
        : ValueConverter<DateTimeOffset, long>(v => v.UtcTicks, v => new DateTimeOffset(v, TimeSpan.Zero));
}

/// <summary>Several nodes: a PostgreSQL server.</summary>
public sealed class PostgresClinicDb(DbContextOptions<PostgresClinicDb> options, IEnumerable<IModelPart> parts)
    : ClinicDb(options, parts);

/// <summary>The framework keeps a model for each type of context; here the rooms that bring their parts belong to the key.</summary>
internal sealed class PartsModelKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), (context as ClinicDb)?.PartNames, designTime);
}
