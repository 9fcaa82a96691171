using System.Buffers;
using System.Security.Cryptography;
using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Verification;

/// <summary>Verification against the files themselves, past every cache of ours. A damaged file is healed from the second copy.</summary>
internal sealed partial class ImageVerification(
    IImageArchive archive,
    ArchiveFolder folder,
    TimeProvider clock,
    ILogger<ImageVerification> log
) : IImageVerification
{
    private const int ChunkLength = 256 * 1024;

    // Two verifications of one study at once would write the same copies.
    private readonly SemaphoreSlim _one = new(1);

    public async Task<VerificationReceipt> VerifyStudyAsync(string studyInstanceUid, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var verified = new List<VerifiedInstance>();
            var problems = new List<string>();
            foreach (var instance in archive.FindStudy(studyInstanceUid))
            {
                verified.Add(await VerifyAsync(instance, problems, ct));
            }
            if (verified.Count == 0)
            {
                problems.Add("The archive has no image of this study.");
            }
            return new VerificationReceipt
            {
                StudyInstanceUid = studyInstanceUid,
                VerifiedAt = clock.GetUtcNow(),
                Instances = verified,
                Problems = problems,
            };
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<(string SopClassUid, bool IsSound)?> JudgeAsync(string sopInstanceUid, CancellationToken ct) =>
        archive.Find(sopInstanceUid) is { } instance
            ? (instance.SopClassUid, await HashAsync(folder.PathOf(instance.File), instance, ct) == instance.Sha256)
            : null;

    private async Task<VerifiedInstance> VerifyAsync(
        StoredInstance instance,
        List<string> problems,
        CancellationToken ct
    )
    {
        var first = folder.PathOf(instance.File);
        var second = Path.Combine(folder.SecondCopy, instance.File);
        var onDisk = await HashAsync(first, instance, ct);
        var ofCopy = await HashAsync(second, instance, ct);
        if (onDisk == instance.Sha256 && ofCopy != instance.Sha256)
        {
            await CopyAsync(first, second, ct);
            ofCopy = await HashAsync(second, instance, ct);
        }
        else if (onDisk != instance.Sha256 && ofCopy == instance.Sha256)
        {
            LogHealing(instance.SopInstanceUid);
            await CopyAsync(second, first, ct);
            onDisk = await HashAsync(first, instance, ct);
        }
        if (onDisk != instance.Sha256)
        {
            LogDamaged(instance.SopInstanceUid);
            problems.Add(
                $"The image {instance.SopInstanceUid} is {(onDisk is null ? "missing" : "damaged")} and could not be healed: ask the modality to send it again."
            );
        }
        if (ofCopy != instance.Sha256)
        {
            problems.Add($"The image {instance.SopInstanceUid} has no good second copy.");
        }
        return new VerifiedInstance
        {
            SopInstanceUid = instance.SopInstanceUid,
            IsInterpretive = instance.IsInterpretive,
            SeriesInstanceUid = instance.SeriesInstanceUid,
            TransferSyntaxUid = instance.TransferSyntaxUid,
            IsLossless = TransferSyntax.Of(instance.TransferSyntaxUid).IsLossless,
            NumberOfFrames = instance.NumberOfFrames,
            Length = instance.Length,
            Sha256AtReceive = instance.Sha256,
            Sha256OnDisk = onDisk,
            Sha256OfSecondCopy = ofCopy,
        };
    }

    private static async Task<string?> HashAsync(string path, StoredInstance instance, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
            var at = instance.DataSetOffset;
            while (await RandomAccess.ReadAsync(handle, buffer, at, ct) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                at += read;
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Beside its place, then renamed: a crash leaves the old bytes or the new ones and nothing between.
    private static async Task CopyAsync(string from, string to, CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(to)!;
        Directory.CreateDirectory(directory);
        var beside = to + ".new";
        await using (
            var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true)
        )
        await using (
            var copy = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true)
        )
        {
            await source.CopyToAsync(copy, ChunkLength, ct);
            copy.Flush(flushToDisk: true);
        }
        File.Move(beside, to, overwrite: true);
        DirectoryFlush.Flush(directory);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The file of {sopInstanceUid} is damaged; it is healed from its second copy."
    )]
    private partial void LogHealing(string sopInstanceUid);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The file of {sopInstanceUid} is damaged and there is no good second copy."
    )]
    private partial void LogDamaged(string sopInstanceUid);
}
