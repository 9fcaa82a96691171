using System.Text.Json;
using Fiducial.Archive.Index;
using Fiducial.Archive.Receiving;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>What STOW-RS answers (PS3.18 10.5.3): what was stored and where it is, and one item for each failure with its reason.</summary>
internal sealed class StoreAnswer(HttpRequest request, string? addressed)
{
    private const int MostSentences = 5;

    private readonly List<DicomDataSet> _stored = [];
    private readonly List<DicomDataSet> _failed = [];
    private readonly List<DimseStatus> _refusals = [];
    private string? _study = addressed;
    private bool _isOneStudy = true;

    /// <summary>The study of the address, to which all objects must belong; null when there is none.</summary>
    public string? StudyInstanceUid { get; } = addressed;

    /// <param name="status">Of the object.</param>
    /// <param name="facts">Of the object when it was read.</param>
    /// <param name="part">In which it came.</param>
    public void Add(DimseStatus status, InstanceFacts? facts, ArrivingPart10 part)
    {
        var item = Reference(facts?.SopClassUid ?? part.SopClassUid, facts?.SopInstanceUid ?? part.SopInstanceUid);
        if (!status.IsStored || facts is null)
        {
            _failed.Add(item.Set(DicomTags.FailureReason, status.Code));
            _refusals.Add(status);
            return;
        }
        _isOneStudy &= (_study ??= facts.Study.Uid) == facts.Study.Uid;
        _stored.Add(
            item.Set(
                DicomTags.RetrieveURL,
                DicomWebAddress.OfInstance(request, facts.Study.Uid, facts.Series.Uid, facts.SopInstanceUid)
            )
        );
    }

    /// <summary>The body ended or broke where a part was due.</summary>
    public void Unreadable() =>
        _failed.Add(Reference("", "").Set(DicomTags.FailureReason, DimseStatus.CannotUnderstand("").Code));

    public async Task SendAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode =
            _failed.Count == 0 && _stored.Count > 0 ? StatusCodes.Status200OK
            : _stored.Count > 0 ? StatusCodes.Status202Accepted
            // More than may come this way (PS3.18 table 8.5-1).
            : _failed.Count > 0
            && _refusals.Count == _failed.Count
            && _refusals.TrueForAll(r => r == Allowances.TooLarge || r == Allowances.DayIsFull)
                ? StatusCodes.Status413PayloadTooLarge
            // Refused for want of room or of the index, and for nothing that the sender could do better (PS3.18 table 10.5.3-1).
            : _failed.Count > 0 && _failed.TrueForAll(IsOutOfResources) ? StatusCodes.Status503ServiceUnavailable
            : _failed.Count > 0 ? StatusCodes.Status409Conflict
            : StatusCodes.Status400BadRequest;
        var answer = new DicomDataSet();
        if (_study is not null && _isOneStudy)
        {
            answer.Set(DicomTags.RetrieveURL, DicomWebAddress.OfStudy(request, _study));
        }
        if (_failed.Count > 0)
        {
            answer.SetItems(DicomTags.FailedSOPSequence, [.. _failed]);
        }
        if (_stored.Count > 0)
        {
            answer.SetItems(DicomTags.ReferencedSOPSequence, [.. _stored]);
        }
        // The answer's failures are numbers; this is for who looks for their cause.
        foreach (var sentence in _refusals.Select(r => r.Comment).OfType<string>().Distinct().Take(MostSentences))
        {
            response.Headers.Append("Warning", $"299 {request.Host}: \"{Plain(sentence)}\"");
        }
        response.ContentType = Metadata.Json;
        await using var writer = new Utf8JsonWriter(response.Body);
        DicomJson.Write(writer, answer, _ => null);
        await writer.FlushAsync(ct);
    }

    private static string Plain(string sentence) =>
        string.Concat(sentence.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? c : '?'));

    private static bool IsOutOfResources(DicomDataSet item) =>
        item.GetInt(DicomTags.FailureReason) == DimseStatus.OutOfResources("").Code;

    private static DicomDataSet Reference(string sopClass, string sopInstance) =>
        new DicomDataSet()
            .Set(DicomTags.ReferencedSOPClassUID, sopClass)
            .Set(DicomTags.ReferencedSOPInstanceUID, sopInstance);
}
