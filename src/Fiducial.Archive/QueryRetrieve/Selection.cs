using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>The instances that a C-MOVE or C-GET asks for, in the order in which they were stored.</summary>
internal sealed class Selection(ArchiveIndex index, IRetrieveGate gate)
{
    /// <exception cref="DimseException">The identifier is none of this model, or the index is out of reach.</exception>
    public async Task<IReadOnlyList<StoredInstance>> OfAsync(DimseRequest request, CancellationToken ct)
    {
        var identifier = Identifier.Of(
            request,
            isRetrieve: true,
            AgreedBehaviours.Of(request.Negotiated.Span).IsRelational
        );
        var conditions = new List<string>();
        var values = new List<object?>();
        foreach (
            var (tag, column) in new[]
            {
                (DicomTags.PatientID, "p.patient_id"),
                (DicomTags.StudyInstanceUID, "st.uid"),
                (DicomTags.SeriesInstanceUID, "se.uid"),
                (DicomTags.SOPInstanceUID, "i.uid"),
            }
        )
        {
            if (identifier.Keys.GetStrings(tag) is { Count: > 0 } wanted)
            {
                // Unique keys of retrieval may be lists of UIDs (PS3.4 C.4.2.1.4).
                var parameters = wanted.Select(v =>
                {
                    values.Add(v);
                    return $"${values.Count}";
                });
                conditions.Add($"{column} IN ({string.Join(", ", parameters)})");
            }
        }
        // A701: the number of matches cannot be told (PS3.4 C.4.2.1.5).
        var found = index.ReadOrRefuse(
            c => InstanceRows.Read(c, $"WHERE {string.Join(" AND ", conditions)} ORDER BY i.id", [.. values]),
            code: 0xA701
        );
        var access = new Dictionary<string, StudyAccess>(StringComparer.Ordinal);
        foreach (var study in found.Select(i => i.StudyInstanceUid).Distinct(StringComparer.Ordinal))
        {
            access[study] = await gate.MayReadAsync(request.Peer, study, ct);
        }
        return [.. found.Where(i => access[i.StudyInstanceUid] >= i.SeenWith)];
    }
}
