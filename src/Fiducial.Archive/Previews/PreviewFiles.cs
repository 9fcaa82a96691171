using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Previews;

/// <summary>The previews that have been made, and the making of those that have not: each once, however many ask for it.</summary>
internal sealed partial class PreviewFiles(ArchiveFolder folder, IImageArchive archive, ILogger<PreviewFiles> log)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Preview?>>> _inTheMaking = new(StringComparer.Ordinal);

    /// <summary>Null when the object is no image or cannot be drawn.</summary>
    public Task<Preview?> GetAsync(StoredInstance instance)
    {
        var making = _inTheMaking.GetOrAdd(
            instance.SopInstanceUid,
            uid => new Lazy<Task<Preview?>>(() =>
                Task.Run(() =>
                {
                    try
                    {
                        return Read(uid, out var preview) ? preview : Make(instance);
                    }
                    finally
                    {
                        _inTheMaking.TryRemove(uid, out _);
                    }
                })
            )
        );
        return making.Value;
    }

    /// <summary>Takes away what was made of an object that was deleted.</summary>
    public void Forget(string sopInstanceUid)
    {
        var path = PathOf(sopInstanceUid);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path + ".jpg");
            File.Delete(path + ".json");
        }
    }

    private bool Read(string sopInstanceUid, out Preview? preview)
    {
        preview = null;
        var path = PathOf(sopInstanceUid);
        if (!File.Exists(path + ".json"))
        {
            return false;
        }
        try
        {
            var note = JsonSerializer.Deserialize(File.ReadAllBytes(path + ".json"), PreviewJson.Default.PreviewNote);
            if (note is { Numbers: null })
            {
                return true;
            }
            var jpeg = File.ReadAllBytes(path + ".jpg");
            // Previews are not flushed to the disk: after a power failure they may be cut off, and are made again.
            if (note is { Numbers: { } numbers } && jpeg.Length == note.Length)
            {
                preview = new Preview(jpeg, note.Width, note.Height, numbers);
                return true;
            }
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            LogMadeAgain(e, sopInstanceUid);
        }
        return false;
    }

    private Preview? Make(StoredInstance instance)
    {
        var preview = Draw(instance, out var reason);
        var path = PathOf(instance.SopInstanceUid);
        var note = preview is null
            ? new PreviewNote(0, 0, 0, Numbers: null, reason)
            : new PreviewNote(preview.Width, preview.Height, preview.Jpeg.Length, preview.Numbers, Reason: null);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (preview is not null)
        {
            File.WriteAllBytes(path + ".jpg", preview.Jpeg);
        }
        File.WriteAllBytes(path + ".json", JsonSerializer.SerializeToUtf8Bytes(note, PreviewJson.Default.PreviewNote));
        return preview;
    }

    private Preview? Draw(StoredInstance instance, out string? reason)
    {
        try
        {
            using var image = archive.OpenImage(instance);
            var preview = PreviewMaker.Make(image);
            reason = preview is null ? "The object is no image." : null;
            return preview;
        }
        catch (Exception e) when (e is CodecException or DicomFormatException or OverflowException)
        {
            reason = e.Message;
            LogNotDrawn(instance.SopInstanceUid, e.Message);
            return null;
        }
    }

    private string PathOf(string sopInstanceUid)
    {
        var hash = ArchiveFolder.HashOf(sopInstanceUid);
        return Path.Combine(folder.Previews, hash[..2], hash);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no preview of {sopInstanceUid}: {reason}")]
    private partial void LogNotDrawn(string sopInstanceUid, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The preview of {sopInstanceUid} is damaged and made again."
    )]
    private partial void LogMadeAgain(Exception e, string sopInstanceUid);
}

/// <summary>Stands beside a preview; without numbers it says why there is none.</summary>
internal sealed record PreviewNote(int Width, int Height, int Length, TechnicalNumbers? Numbers, string? Reason);

[JsonSerializable(typeof(PreviewNote))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class PreviewJson : JsonSerializerContext;
