namespace Fiducial.Archive;

/// <summary>An S3-compatible object storage in which the images are kept.</summary>
/// <param name="url"><c>s3://bucket</c> or <c>s3://bucket/prefix</c>.</param>
/// <param name="endpoint">Its HTTP address.</param>
/// <param name="accessKey">From the configuration, never from the command line, which other users of a machine can read.</param>
/// <param name="secretKey">Likewise.</param>
/// <exception cref="FormatException">The URL or the endpoint is of another form.</exception>
public sealed class ObjectStorage(string url, string endpoint, string accessKey, string secretKey)
{
    private const string Scheme = "s3://";

    public string Url { get; } =
        url.StartsWith(Scheme, StringComparison.Ordinal) && url.Length > Scheme.Length && url[Scheme.Length] != '/'
            ? url.TrimEnd('/')
            : throw new FormatException(
                $"An object storage is written as s3://bucket or s3://bucket/prefix, not '{url}'."
            );

    public Uri Endpoint { get; } =
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException(
                $"The endpoint of the object storage is an address such as https://storage.example.org, not '{endpoint}'."
            );

    public string Bucket => Url[Scheme.Length..].Split('/', 2)[0];

    /// <summary>Stands before the key of every object; empty, or ends with a slash.</summary>
    public string Prefix => Url[Scheme.Length..].Split('/', 2) is [_, var prefix] ? prefix + "/" : "";

    internal string AccessKey => accessKey;
    internal string SecretKey => secretKey;

    public override string ToString() => Url;
}
