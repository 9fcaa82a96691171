using System.Buffers;
using System.Security.Cryptography;
using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Verification;

/// <summary>Verification against the files themselves, past every cache of ours. A damaged file is healed from the second copy.</summary>
internal sealed partial class ImageVerification(
    IImageArchive archive,
    IObjectStore store,
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
            ? (instance.SopClassUid, await HashAsync(store.OpenRead, instance, ct) == instance.Sha256)
            : null;

    private async Task<VerifiedInstance> VerifyAsync(
        StoredInstance instance,
        List<string> problems,
        CancellationToken ct
    )
    {
        var onDisk = await HashAsync(store.OpenRead, instance, ct);
        var ofCopy = await HashAsync(store.OpenSecondCopy, instance, ct);
        if (onDisk == instance.Sha256 && ofCopy != instance.Sha256)
        {
            await store.MakeSecondCopyAsync(instance.File, ct);
            ofCopy = await HashAsync(store.OpenSecondCopy, instance, ct);
        }
        else if (onDisk != instance.Sha256 && ofCopy == instance.Sha256)
        {
            LogHealing(instance.SopInstanceUid);
            await store.HealAsync(instance.File, ct);
            onDisk = await HashAsync(store.OpenRead, instance, ct);
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

    private static async Task<string?> HashAsync(
        Func<string, Stream> open,
        StoredInstance instance,
        CancellationToken ct
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var part10 = open(instance.File);
            part10.Position = instance.DataSetOffset;
            while (await part10.ReadAsync(buffer, ct) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        // A storage that is out of reach has lost nothing.
        catch (IOException e) when (e is not StoreUnavailableException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
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
