using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Foundation.Storage;

/// <summary>Which database the clinic uses: a file path is SQLite, a <c>postgres://</c> or <c>Host=</c> text is PostgreSQL.</summary>
public static class ClinicDatabase
{
    /// <summary>Registers <see cref="ClinicDb"/> for one of the two databases; everything above it is the same for both.</summary>
    /// <param name="services">The services of the clinic.</param>
    /// <param name="database">A file path, a <c>postgres://user:password@host:port/name</c> URL, or an Npgsql connection text.</param>
    /// <param name="migrations">Name of the assembly that holds the migrations.</param>
    public static IServiceCollection AddClinicDatabase(
        this IServiceCollection services,
        string database,
        string migrations
    )
    {
        services.AddSingleton<IModelPart, Outbox.OutboxModel>();
        if (IsPostgres(database))
        {
            var connection = PostgresConnection(database);
            services.AddDbContext<PostgresClinicDb>(o =>
                o.UseNpgsql(connection, n => n.MigrationsAssembly(migrations))
                    .ReplaceService<IModelCacheKeyFactory, PartsModelKey>()
            );
            services.AddScoped<ClinicDb>(s => s.GetRequiredService<PostgresClinicDb>());
        }
        else
        {
            var connection = new SqliteConnectionStringBuilder
            {
                DataSource = database,
                DefaultTimeout = 30,
                ForeignKeys = true,
            }.ToString();
            services.AddDbContext<SqliteClinicDb>(o =>
                o.UseSqlite(connection, n => n.MigrationsAssembly(migrations))
                    .ReplaceService<IModelCacheKeyFactory, PartsModelKey>()
            );
            services.AddScoped<ClinicDb>(s => s.GetRequiredService<SqliteClinicDb>());
        }
        return services;
    }

    public static bool IsPostgres(string database) =>
        database.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || database.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || database.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    /// <summary>The Npgsql connection text of a <c>postgres://</c> URL; a text that is no URL is taken as it is.</summary>
    public static string PostgresConnection(string database)
    {
        if (!database.Contains("://", StringComparison.Ordinal))
        {
            return database;
        }
        var url = new Uri(database);
        var user = url.UserInfo.Split(':', 2);
        return new Npgsql.NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 5432,
            Database = url.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        }.ToString();
    }
}
