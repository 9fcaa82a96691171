using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>
/// The grey pipeline of PS3.3 C.11 and PS3.4 N.2: stored value → modality LUT or rescale → VOI LUT or window → presentation LUT
/// shape. Padding is black.
/// </summary>
internal sealed class GreyMapping
{
    private readonly Func<double, double> _modality;
    private readonly Func<double, double> _voi;
    private readonly bool _isInverted;
    private readonly (double From, double To)? _padding;

    private GreyMapping(
        Func<double, double> modality,
        Func<double, double> voi,
        bool isInverted,
        (double, double)? padding
    )
    {
        (_modality, _voi, _isInverted, _padding) = (modality, voi, isInverted, padding);
    }

    /// <param name="set">The image's data set.</param>
    /// <param name="image">Its shape.</param>
    /// <param name="frame">Counted from 0; enhanced images say these things for each frame.</param>
    /// <param name="asked">A window in place of the image's own.</param>
    /// <param name="findWindow">Asked for when the image has none: gets the modality LUT, the padding, and gives a window.</param>
    public static GreyMapping Of(
        DicomDataSet set,
        ImageDescription image,
        int frame,
        Window? asked,
        Func<Func<double, double>, Func<double, bool>, Window> findWindow
    )
    {
        var modality = Modality(set, image, frame);
        var padding = Padding(set, image);
        bool IsPadding(double value) => padding is { } p && value >= p.From && value <= p.To;
        var group = Group(set, frame, DicomTags.FrameVOILUTSequence);
        Func<double, double> voi;
        if (asked is null && set.GetItems(DicomTags.VOILUTSequence) is [var item, ..])
        {
            var isSigned = image.IsSigned || modality(0) < 0;
            var table = LookupTable.Of(item, DicomTags.LUTDescriptor, DicomTags.LUTData, isSigned);
            voi = value => table[value] / table.Largest;
        }
        else
        {
            var window = asked ?? Window.Of(group) ?? Window.Of(set) ?? findWindow(modality, IsPadding);
            voi = window.Map;
        }
        var isInverted =
            image.PhotometricInterpretation is "MONOCHROME1"
            || set.GetString(DicomTags.PresentationLUTShape) is "INVERSE";
        return new GreyMapping(modality, voi, isInverted, padding);
    }

    /// <returns>0 for black to 255 for white, not rounded.</returns>
    public float Map(double stored)
    {
        if (_padding is { } padding && stored >= padding.From && stored <= padding.To)
        {
            return 0;
        }
        var shown = _voi(_modality(stored));
        return (float)(255 * (_isInverted ? 1 - shown : shown));
    }

    private static Func<double, double> Modality(DicomDataSet set, ImageDescription image, int frame)
    {
        if (set.GetItems(DicomTags.ModalityLUTSequence) is [var item, ..])
        {
            var table = LookupTable.Of(item, DicomTags.LUTDescriptor, DicomTags.LUTData, image.IsSigned);
            return value => table[value];
        }
        var group = Group(set, frame, DicomTags.PixelValueTransformationSequence);
        var slope = group.GetDouble(DicomTags.RescaleSlope) ?? set.GetDouble(DicomTags.RescaleSlope) ?? 1;
        var intercept = group.GetDouble(DicomTags.RescaleIntercept) ?? set.GetDouble(DicomTags.RescaleIntercept) ?? 0;
        return slope is 0 || !double.IsFinite(slope) || !double.IsFinite(intercept)
            ? value => value
            : value => value * slope + intercept;
    }

    // PS3.3 C.7.5.1.1.2: one value, or a range to the limit.
    private static (double From, double To)? Padding(DicomDataSet set, ImageDescription image)
    {
        if (set.GetDouble(DicomTags.PixelPaddingValue) is not { } value)
        {
            return null;
        }
        var limit = set.GetDouble(DicomTags.PixelPaddingRangeLimit) ?? value;
        if (image.IsSigned && image.BitsAllocated <= 16)
        {
            // Written as US by some, although the pixels are signed.
            (value, limit) = ((short)(int)value, (short)(int)limit);
        }
        return (Math.Min(value, limit), Math.Max(value, limit));
    }

    // Enhanced images (PS3.3 C.7.6.16): the frame's own functional group, or else the shared one; empty when there is neither.
    private static DicomDataSet Group(DicomDataSet set, int frame, DicomTag sequence)
    {
        var perFrame = set.GetItems(DicomTags.PerFrameFunctionalGroupsSequence);
        return (frame < perFrame.Count ? perFrame[frame].GetItems(sequence).FirstOrDefault() : null)
            ?? set.GetItems(DicomTags.SharedFunctionalGroupsSequence)
                .SelectMany(shared => shared.GetItems(sequence))
                .FirstOrDefault()
            ?? new DicomDataSet();
    }
}
