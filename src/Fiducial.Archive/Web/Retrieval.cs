using Fiducial.Archive.Codecs;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: whole objects (PS3.18 10.4.1.1.1), as stored or in Explicit VR Little Endian.</summary>
internal static class Retrieval
{
    private const string Dicom = "application/dicom";

    private static readonly string NativeUid = TransferSyntax.ExplicitVRLittleEndian.Uid;

    public static async Task SendAsync(
        HttpContext context,
        IReadOnlyList<StoredInstance> instances,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        foreach (var media in AcceptHeader.Of(context.Request))
        {
            var isSingle = media.MediaType is Dicom && instances.Count == 1;
            if (!isSingle && !media.IsAnything && !media.IsMultipartOf(Dicom))
            {
                continue;
            }
            var plan = instances.Select(i => (Instance: i, IsStored: IsAsStored(media, i))).ToList();
            if (!plan.TrueForAll(p => p.IsStored || CanConvert(media, p.Instance, archive)))
            {
                continue;
            }
            try
            {
                await (
                    isSingle ? SendOneAsync(context, plan[0], archive, ct) : SendPartsAsync(context, plan, archive, ct)
                );
                return;
            }
            catch (CodecException) when (!context.Response.HasStarted)
            {
                context.Response.Clear();
            }
        }
        context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
    }

    private static bool IsAsStored(AcceptedMedia media, StoredInstance instance) =>
        media.TransferSyntax == "*"
        || (media.IsAnything && media.TransferSyntax.Length == 0)
        || instance.TransferSyntaxUid == (media.TransferSyntax.Length == 0 ? NativeUid : media.TransferSyntax);

    private static bool CanConvert(AcceptedMedia media, StoredInstance instance, IImageArchive archive)
    {
        if (media.TransferSyntax.Length > 0 && media.TransferSyntax != NativeUid)
        {
            return false;
        }
        // An object that cannot even be read can still be given as it is stored.
        try
        {
            using var image = archive.OpenImage(instance);
            return NativeEncoding.IsPossible(image);
        }
        catch (DicomFormatException)
        {
            return false;
        }
    }

    private static async Task SendOneAsync(
        HttpContext context,
        (StoredInstance Instance, bool IsStored) plan,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        context.Response.ContentType = TypeOf(plan);
        if (plan.IsStored)
        {
            context.Response.ContentLength = LengthOf(plan.Instance);
        }
        await SendObjectAsync(context.Response, plan, archive, ct);
    }

    private static async Task SendPartsAsync(
        HttpContext context,
        List<(StoredInstance Instance, bool IsStored)> plan,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        var body = new MultipartBody(context.Response, Dicom);
        if (plan.TrueForAll(p => p.IsStored))
        {
            body.Announce(plan.Select(p => (TypeOf(p), LengthOf(p.Instance))));
        }
        try
        {
            foreach (var part in plan)
            {
                if (!part.IsStored && !context.Response.HasStarted)
                {
                    Probe(part.Instance, archive);
                }
                body.Begin(TypeOf(part));
                await SendObjectAsync(context.Response, part, archive, ct);
            }
            await body.EndAsync(ct);
        }
        catch (Exception e) when (e is CodecException or DicomFormatException && context.Response.HasStarted)
        {
            // A cut connection is the only way left to say that not all has come.
            context.Abort();
        }
    }

    // Answers 406 in place of a broken answer when the first object turns out to be damaged.
    private static void Probe(StoredInstance instance, IImageArchive archive)
    {
        using var image = archive.OpenImage(instance);
        if (image.IsEncapsulated)
        {
            image.DecodeFrame(0);
        }
    }

    private static async Task SendObjectAsync(
        HttpResponse response,
        (StoredInstance Instance, bool IsStored) plan,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        if (plan.IsStored)
        {
            await using var part10 = archive.OpenPart10(plan.Instance);
            await (
                part10 is FileStream file
                    ? MultipartBody.SendAsync(response.BodyWriter, file.SafeFileHandle, 0, LengthOf(plan.Instance), ct)
                    : part10.CopyToAsync(response.Body, ct)
            );
            return;
        }
        using var image = archive.OpenImage(plan.Instance);
        await NativeEncoding.WriteAsync(plan.Instance, image, response.Body, ct);
    }

    private static long LengthOf(StoredInstance instance) => instance.DataSetOffset + instance.Length;

    private static string TypeOf((StoredInstance Instance, bool IsStored) plan) =>
        $"{Dicom}; transfer-syntax={(plan.IsStored ? plan.Instance.TransferSyntaxUid : NativeUid)}";
}
