using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Files;

/// <summary>
/// Objects in an S3-compatible storage. The archive's folder holds them only on their way: uploaded from the disk part by part, and read by
/// ranges, so that no object is ever in memory as a whole.
/// </summary>
internal sealed partial class S3Store : IObjectStore, IDisposable
{
    private const long PartLength = 16L * 1024 * 1024;

    private readonly ObjectStorage _storage;
    private readonly ArchiveFolder _folder;
    private readonly ILogger<S3Store> _log;
    private readonly AmazonS3Client _client;
    private readonly TransferUtility _transfer;

    /// <exception cref="StoreUnavailableException">The storage cannot be reached, or refuses us.</exception>
    public S3Store(ObjectStorage storage, ArchiveFolder folder, ILogger<S3Store> log)
    {
        (_storage, _folder, _log) = (storage, folder, log);
        _client = new AmazonS3Client(
            new BasicAWSCredentials(storage.AccessKey, storage.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = storage.Endpoint.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                Timeout = TimeSpan.FromMinutes(5),
                MaxErrorRetry = 2,
                // Many servers do not know the checksums of the newer protocol; ours go with every object in the index.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );
        _transfer = new TransferUtility(
            _client,
            new TransferUtilityConfig { MinSizeBeforePartUpload = PartLength, ConcurrentServiceRequests = 2 }
        );
        ReachAsync(OpenBucketAsync).GetAwaiter().GetResult();
    }

    public bool IsElsewhere => true;

    public Task KeepAsync(string file) =>
        ReachAsync(async () =>
        {
            await _transfer.UploadAsync(
                new TransferUtilityUploadRequest
                {
                    BucketName = _storage.Bucket,
                    Key = KeyOf(file),
                    FilePath = _folder.PathOf(file),
                    PartSize = PartLength,
                    ContentType = "application/dicom",
                }
            );
            return true;
        });

    public void Kept(string file) => File.Delete(_folder.PathOf(file));

    public async Task RemoveAsync(string file)
    {
        File.Delete(_folder.PathOf(file));
        try
        {
            await ReachAsync(() => _client.DeleteObjectAsync(_storage.Bucket, KeyOf(file)));
        }
        catch (IOException e)
        {
            // Nothing speaks of it: it takes room and no more.
            LogLeft(e, file);
        }
    }

    public async Task DestroyAsync(string file, CancellationToken ct)
    {
        // Here only when the upload was cut off by a crash.
        if (File.Exists(_folder.PathOf(file)))
        {
            File.Delete(_folder.PathOf(file));
        }
        foreach (var key in (string[])[KeyOf(file), SecondKeyOf(file)])
        {
            await ReachAsync(() => _client.DeleteObjectAsync(_storage.Bucket, key, ct));
        }
    }

    public Stream OpenRead(string file) => Open(KeyOf(file));

    public Stream OpenSecondCopy(string file) => Open(SecondKeyOf(file));

    public Task MakeSecondCopyAsync(string file, CancellationToken ct) => CopyAsync(KeyOf(file), SecondKeyOf(file), ct);

    public Task HealAsync(string file, CancellationToken ct) => CopyAsync(SecondKeyOf(file), KeyOf(file), ct);

    public void Dispose()
    {
        _transfer.Dispose();
        _client.Dispose();
    }

    private string KeyOf(string file) => _storage.Prefix + file.Replace('\\', '/');

    private string SecondKeyOf(string file) => $"{_storage.Prefix}second-copy/{file.Replace('\\', '/')}";

    private S3ObjectStream Open(string key)
    {
        var head = ReachAsync(() => _client.GetObjectMetadataAsync(_storage.Bucket, key)).GetAwaiter().GetResult();
        return new S3ObjectStream(
            head.ContentLength,
            (first, last) =>
                ReachAsync(() =>
                    _client.GetObjectAsync(
                        new GetObjectRequest
                        {
                            BucketName = _storage.Bucket,
                            Key = key,
                            ByteRange = new ByteRange(first, last),
                        }
                    )
                )
        );
    }

    // By the server itself, without coming here.
    private Task CopyAsync(string from, string to, CancellationToken ct) =>
        ReachAsync(() => _client.CopyObjectAsync(_storage.Bucket, from, _storage.Bucket, to, ct));

    private async Task<bool> OpenBucketAsync()
    {
        try
        {
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _storage.Bucket, MaxKeys = 1 });
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            await _client.PutBucketAsync(_storage.Bucket);
        }
        return true;
    }

    // Never back to the thread that asked: an association's own thread waits for the answer where a stream is read at once.
    private async Task<T> ReachAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AmazonServiceException e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            throw new FileNotFoundException($"The object is not in {_storage}.", e);
        }
        catch (Exception e)
            when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException)
        {
            throw new StoreUnavailableException(
                $"The object storage {_storage} at {_storage.Endpoint} is out of reach or refuses: {e.Message}",
                e
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{file} could not be taken out of the object storage again.")]
    private partial void LogLeft(Exception e, string file);
}
