using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ReadingRoom;

/// <summary>What the scripts of the reading room send.</summary>
internal static class ReadJson
{
    public static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
    };

    /// <summary>Null when the body is not what it should be.</summary>
    public static async Task<T?> AsAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Web, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
