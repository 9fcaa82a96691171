using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>
/// <c>includefield</c> (PS3.18 8.3.4.3): attributes beyond those that the index answers with are read from the object itself; for a study
/// or a series from its first object that the request may see.
/// </summary>
internal sealed class IncludedFields
{
    private readonly HashSet<DicomTag> _tags = [];
    private readonly bool _isAll;

    public IncludedFields(HttpRequest request, QueryLevel level)
    {
        foreach (var name in request.Query["includefield"].SelectMany(v => (v ?? "").Split(',')))
        {
            if (name.Trim() is "all")
            {
                _isAll = true;
            }
            else if (!DicomTag.TryParse(name.Trim(), out var tag))
            {
                IsUnderstood &= name.Trim().Length == 0;
            }
            else if (!IsOfIndex(tag, level))
            {
                _tags.Add(tag);
            }
        }
    }

    /// <summary>False when a field was asked for that does not exist.</summary>
    public bool IsUnderstood { get; } = true;

    public bool IsEmpty => _tags.Count == 0 && !_isAll;

    public void AddTo(DicomDataSet answer, QueryLevel level, StudyAccess access, IImageArchive archive)
    {
        if (IsEmpty || Source(answer, level, access, archive) is not { } source)
        {
            return;
        }
        var set = Metadata.Of(source, archive);
        foreach (var element in set)
        {
            var isWanted = _tags.Contains(element.Tag) || (_isAll && level is QueryLevel.Instance);
            // Large values have an address of their own, in the metadata.
            if (isWanted && !answer.Contains(element.Tag) && element.Location is null && element.Fragments is null)
            {
                Copy(set, element, answer);
            }
        }
        // What was asked for and is not there is answered empty.
        foreach (var tag in _tags.Where(t => !answer.Contains(t)))
        {
            answer.SetBytes(tag, DicomDictionary.VROf(tag), default);
        }
    }

    private static void Copy(DicomDataSet set, DicomElement element, DicomDataSet answer)
    {
        if (element.Items is { } items)
        {
            // They leave the data set whose character set they inherit.
            foreach (var item in items.Where(i => !i.Contains(DicomTags.SpecificCharacterSet)))
            {
                if (set.Find(DicomTags.SpecificCharacterSet) is { } names)
                {
                    item.Add(names);
                }
            }
            answer.SetItems(element.Tag, [.. items]);
        }
        else if (DicomVRs.IsCharacterSetText(element.VR))
        {
            answer.SetBytes(
                element.Tag,
                element.VR,
                System.Text.Encoding.UTF8.GetBytes(string.Join('\\', set.GetStrings(element.Tag)))
            );
        }
        else
        {
            answer.Add(element);
        }
    }

    private static StoredInstance? Source(
        DicomDataSet answer,
        QueryLevel level,
        StudyAccess access,
        IImageArchive archive
    )
    {
        if (level is QueryLevel.Instance)
        {
            return archive.Find(answer.GetString(DicomTags.SOPInstanceUID) ?? "");
        }
        var series = level is QueryLevel.Series ? answer.GetString(DicomTags.SeriesInstanceUID) : null;
        return archive
            .FindStudy(answer.GetString(DicomTags.StudyInstanceUID) ?? "")
            .FirstOrDefault(i => access >= i.SeenWith && (series is null || i.SeriesInstanceUid == series));
    }

    private static bool IsOfIndex(DicomTag tag, QueryLevel level) =>
        tag == DicomTags.ModalitiesInStudy
        || tag == DicomTags.NumberOfStudyRelatedSeries
        || tag == DicomTags.NumberOfStudyRelatedInstances
        || tag == DicomTags.NumberOfSeriesRelatedInstances
        || tag == DicomTags.RetrieveURL
        || tag == DicomTags.InstanceAvailability
        || QueryAttribute.All.Any(a => (a.Sequence ?? a.Tag) == tag && a.Level <= level);
}
