using Fiducial.Archive.Index;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>
/// C-FIND over patients, studies, series and images (PS3.4 C.4.1): the index that answers QIDO-RS answers it. Every key of the request is in each
/// answer, empty where there is no value.
/// </summary>
internal sealed class FindService(ArchiveIndex index, QueryRetrieveOptions options, IRetrieveGate gate) : IDimseService
{
    private const int PageLength = 500;

    public IReadOnlyCollection<string> SopClasses => [.. RetrieveClasses.Find];

    public byte[]? Negotiate(string sopClassUid, ReadOnlyMemory<byte> proposed) =>
        AgreedBehaviours.OfQuery(proposed.Span);

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.CFindRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        var agreed = AgreedBehaviours.Of(request.Negotiated.Span);
        var identifier = Identifier.Of(request, isRetrieve: false, agreed.IsRelational);
        var answers = new FindAnswers(identifier, agreed.Manner, options, index.Dialect);
        await gate.SearchesAsync(request.Peer, ct);
        var pending = answers.AllSupported ? DimseStatus.Pending : DimseStatus.PendingWithUnsupportedKeys;
        var mayFind = new Dictionary<string, StudyAccess>(StringComparer.Ordinal);
        for (var page = 0L; ; page++)
        {
            var rows = index.ReadOrRefuse(c => answers.Rows(c, PageLength, page * PageLength), code: 0xA700);
            foreach (var row in rows)
            {
                if (await request.IsCancelledAsync(ct))
                {
                    await request.RespondAsync(DimseStatus.Cancelled, ct: ct);
                    return;
                }
                // Patients are shown when one of their studies is; other levels by their study.
                if (!mayFind.TryGetValue(row.StudyInstanceUid, out var access))
                {
                    access = await gate.MayFindAsync(request.Peer, row.StudyInstanceUid, ct);
                    mayFind[row.StudyInstanceUid] = access;
                }
                if (row.For(access) is { } shown && answers.Answer(shown) is { } answer)
                {
                    await request.RespondWithNextAsync(pending, answer, ct: ct);
                }
            }
            if (rows.Count < PageLength)
            {
                break;
            }
            await request.FlushAsync(ct);
        }
        await request.RespondAsync(DimseStatus.Success, ct: ct);
    }
}
