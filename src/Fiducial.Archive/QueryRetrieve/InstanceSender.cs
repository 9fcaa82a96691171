using Fiducial.Archive.Codecs;
using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>
/// Sends a stored object: byte for byte where the peer takes the stored syntax, else uncompressed where that is possible, else not at all.
/// Either way it passes from the disk to the socket without being in memory.
/// </summary>
internal sealed class InstanceSender(IImageArchive archive)
{
    private static readonly string[] Uncompressed =
    [
        DicomUids.ExplicitVRLittleEndian,
        DicomUids.ImplicitVRLittleEndian,
    ];

    /// <summary>What to propose for these: first every class in the syntax that is stored, then the uncompressed pair.</summary>
    public static IEnumerable<(string SopClassUid, string TransferSyntaxUid)> PairsOf(
        IReadOnlyCollection<StoredInstance> instances
    ) =>
        instances
            .Select(i => (i.SopClassUid, i.TransferSyntaxUid))
            .Concat(instances.SelectMany(i => Uncompressed.Select(u => (i.SopClassUid, u))))
            .Distinct();

    /// <summary>The object as the peer can take it.</summary>
    /// <param name="taken">Classes and syntaxes that the peer accepted.</param>
    /// <returns>Null when it can take it in no way.</returns>
    public ObjectToSend? Prepare(StoredInstance instance, IReadOnlySet<(string, string)> taken)
    {
        if (taken.Contains((instance.SopClassUid, instance.TransferSyntaxUid)))
        {
            return new ObjectToSend(
                instance.SopClassUid,
                instance.SopInstanceUid,
                instance.TransferSyntaxUid,
                (sender, ct) => SendStoredAsync(instance, sender, ct)
            );
        }
        var target = Uncompressed.FirstOrDefault(u => taken.Contains((instance.SopClassUid, u)));
        if (target is null || !CanConvert(instance))
        {
            return null;
        }
        return new ObjectToSend(
            instance.SopClassUid,
            instance.SopInstanceUid,
            target,
            (sender, ct) => SendNativeAsync(instance, TransferSyntax.Of(target), sender, ct)
        );
    }

    /// <summary>False when the file was taken away from the archive's folder.</summary>
    public bool IsThere(StoredInstance instance)
    {
        try
        {
            using var file = archive.OpenPart10(instance);
            return file.Length >= instance.DataSetOffset + instance.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task SendStoredAsync(StoredInstance instance, DataSetSender sender, CancellationToken ct)
    {
        await using var file = archive.OpenPart10(instance);
        file.Position = instance.DataSetOffset;
        await sender.SendAsync(file, instance.Length, ct);
    }

    private async Task SendNativeAsync(
        StoredInstance instance,
        TransferSyntax syntax,
        DataSetSender sender,
        CancellationToken ct
    )
    {
        using var image = archive.OpenImage(instance);
        await NativeEncoding.WriteDataSetAsync(image, syntax, sender, ct);
    }

    // Judged by the first frame before anything is sent: a sub-operation that fails midway costs the whole association.
    private bool CanConvert(StoredInstance instance)
    {
        try
        {
            using var image = archive.OpenImage(instance);
            if (!NativeEncoding.IsPossible(image))
            {
                return false;
            }
            if (image.IsEncapsulated)
            {
                image.DecodeFrame(0);
            }
            return true;
        }
        catch (Exception e) when (e is CodecException or DicomFormatException or IOException)
        {
            return false;
        }
    }
}
