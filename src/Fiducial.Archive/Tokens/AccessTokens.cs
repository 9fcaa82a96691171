using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Fiducial.Archive.Devices;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Tokens;

/// <summary>
/// The bearer tokens of an archive. Each is looked up when it is shown: one that was ended opens nothing from the next request on. A token is
/// 256 random bits, so that its plain SHA-256 tells nothing about it.
/// </summary>
public sealed class AccessTokens
{
    private const string Select = "SELECT name, scope, made_at, until, ended_at FROM tokens ";
    private const string Begin = "fiducial_";

    private readonly ArchiveIndex _index;
    private readonly RegisterChanges _changes;
    private readonly TimeProvider _clock;

    internal AccessTokens(ArchiveIndex index, RegisterChanges changes, TimeProvider clock) =>
        (_index, _changes, _clock) = (index, changes, clock);

    /// <returns>The token, which is told this once; null when the name was given before.</returns>
    public string? Issue(string name, TokenScope scope, DateTimeOffset until, string author)
    {
        var token = Begin + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return _changes.Make(
            author,
            $"token issued: {name}, {scope}, until {until.UtcDateTime:u}",
            """
            INSERT INTO tokens (name, sha256, scope, until, made_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO NOTHING
            """,
            name,
            HashOf(token),
            (int)scope,
            until.UtcTicks,
            _clock.GetUtcNow().UtcTicks
        )
            ? token
            : null;
    }

    /// <summary>The token that is shown, while it is good; null else.</summary>
    public AccessToken? Find(string shown) =>
        Read("WHERE sha256 = $1", HashOf(shown)) is [{ EndedAt: null } token] && _clock.GetUtcNow() < token.Until
            ? token
            : null;

    /// <summary>In the order in which they were issued.</summary>
    public IReadOnlyList<AccessToken> List() => Read("ORDER BY id");

    /// <returns>False when there is none of this name that has not ended.</returns>
    public bool End(string name, string author) =>
        _changes.Make(
            author,
            $"token ended: {name}",
            "UPDATE tokens SET ended_at = $2 WHERE name = $1 AND ended_at IS NULL",
            name,
            _clock.GetUtcNow().UtcTicks
        );

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private List<AccessToken> Read(string rest, params object?[] values) =>
        _index.Read(connection =>
        {
            using var reader = connection.Execute(Select + rest, values);
            var tokens = new List<AccessToken>();
            while (reader.Read())
            {
                tokens.Add(
                    new AccessToken(
                        reader.GetString(0),
                        (TokenScope)reader.GetInt32(1),
                        Time(reader, 2),
                        Time(reader, 3),
                        reader.IsDBNull(4) ? null : Time(reader, 4)
                    )
                );
            }
            return tokens;
        });

    private static DateTimeOffset Time(DbDataReader reader, int column) => new(reader.GetInt64(column), TimeSpan.Zero);
}
