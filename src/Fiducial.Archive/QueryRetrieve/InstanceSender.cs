using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
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

    /// <summary>The object as the peer can take it, its file open.</summary>
    /// <param name="taken">Classes and syntaxes that the peer accepted.</param>
    /// <returns>Null when it can take it in no way, or when its file was taken away from the archive's folder.</returns>
    public ReadyObject? Prepare(StoredInstance instance, IReadOnlySet<(string, string)> taken)
    {
        if (taken.Contains((instance.SopClassUid, instance.TransferSyntaxUid)))
        {
            return AsStored(instance);
        }
        var target = Uncompressed.FirstOrDefault(u => taken.Contains((instance.SopClassUid, u)));
        return target is null ? null : Converted(instance, target);
    }

    private ReadyObject? AsStored(StoredInstance instance)
    {
        try
        {
            var part10 = archive.OpenPart10(instance);
            if (part10.Length < instance.DataSetOffset + instance.Length)
            {
                part10.Dispose();
                return null;
            }
            return new ReadyObject(
                new ObjectToSend(
                    instance.SopClassUid,
                    instance.SopInstanceUid,
                    instance.TransferSyntaxUid,
                    (sender, ct) => SendAsync(part10, instance, sender, ct)
                ),
                part10
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    // A file of this machine goes straight from the disk into the PDUs; what is elsewhere is read as it comes.
    private static Task SendAsync(Stream part10, StoredInstance instance, DataSetSender sender, CancellationToken ct)
    {
        if (part10 is FileStream file)
        {
            return sender.SendAsync(file.SafeFileHandle, instance.DataSetOffset, instance.Length, ct).AsTask();
        }
        part10.Position = instance.DataSetOffset;
        return sender.SendAsync(part10, instance.Length, ct).AsTask();
    }

    // Judged by the first frame before anything is sent: a sub-operation that fails midway costs the whole association.
    private ReadyObject? Converted(StoredInstance instance, string target)
    {
        StoredImage? image = null;
        var isPossible = false;
        try
        {
            image = archive.OpenImage(instance);
            isPossible = NativeEncoding.IsPossible(image);
            if (isPossible && image.IsEncapsulated)
            {
                image.DecodeFrame(0);
            }
        }
        catch (Exception e) when (e is CodecException or DicomFormatException or IOException)
        {
            isPossible = false;
        }
        if (!isPossible)
        {
            image?.Dispose();
            return null;
        }
        return new ReadyObject(
            new ObjectToSend(
                instance.SopClassUid,
                instance.SopInstanceUid,
                target,
                (sender, ct) => NativeEncoding.WriteDataSetAsync(image!, TransferSyntax.Of(target), sender, ct)
            ),
            image!
        );
    }
}

/// <summary>An object that can be sent, and the open file from which it comes.</summary>
internal sealed class ReadyObject(ObjectToSend toSend, IDisposable source) : IDisposable
{
    public ObjectToSend ToSend => toSend;

    public void Dispose() => source.Dispose();
}
