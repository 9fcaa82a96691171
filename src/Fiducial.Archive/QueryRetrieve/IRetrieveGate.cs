using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive;

/// <summary>How Query/Retrieve speaks.</summary>
public sealed record QueryRetrieveOptions
{
    /// <summary>Ours, towards destinations and in answers.</summary>
    public string AETitle { get; init; } = "FIDUCIAL";

    /// <summary>Answers in UTF-8 also who has not said that it knows it.</summary>
    public bool AnswersUnicode { get; init; }

    /// <summary>Shown to destinations that are registered with a certificate.</summary>
    public TlsIdentity? Tls { get; init; }
}

/// <summary>Decides study by study what a device, which may query at all, finds and retrieves.</summary>
public interface IRetrieveGate
{
    /// <summary>A search begins; whoever keeps an audit writes it down, once and whatever is found.</summary>
    ValueTask SearchesAsync(AssociationPeer peer, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>May the study stand in the answers of a search? That is no look at it.</summary>
    ValueTask<StudyAccess> MayFindAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct) =>
        MayReadAsync(peer, studyInstanceUid, ct);

    /// <summary>May it be retrieved?</summary>
    ValueTask<StudyAccess> MayReadAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct);

    /// <summary>What of it may be sent to the destination of a C-MOVE at this time, whoever asks for it?</summary>
    ValueTask<StudyAccess> MayLieAtAsync(Device destination, string studyInstanceUid, CancellationToken ct) =>
        ValueTask.FromResult(StudyAccess.ImagesAndResults);
}

/// <summary>An archive on its own gives every reader everything.</summary>
internal sealed class OpenRetrieveGate : IRetrieveGate
{
    public ValueTask<StudyAccess> MayReadAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct) =>
        ValueTask.FromResult(StudyAccess.ImagesAndResults);
}
