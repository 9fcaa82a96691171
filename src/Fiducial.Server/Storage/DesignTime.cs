using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore.Design;

namespace Fiducial.Server.Storage;

/// <summary>For <c>dotnet ef migrations add</c>: the clinic's model on SQLite.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteClinicDb>
{
    public SqliteClinicDb CreateDbContext(string[] args) =>
        DesignTime.Services("design.db").GetRequiredService<SqliteClinicDb>();
}

/// <summary>For <c>dotnet ef migrations add</c>: the clinic's model on PostgreSQL.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresClinicDb>
{
    public PostgresClinicDb CreateDbContext(string[] args) =>
        DesignTime.Services("Host=localhost;Database=design").GetRequiredService<PostgresClinicDb>();
}

internal static class DesignTime
{
    public static IServiceProvider Services(string database)
    {
        var services = new ServiceCollection();
        ClinicApp.AddRooms(services, new ClinicOptions { Data = Path.GetTempPath(), Database = database });
        return services.BuildServiceProvider().CreateScope().ServiceProvider;
    }
}
