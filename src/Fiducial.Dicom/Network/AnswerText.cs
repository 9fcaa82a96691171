using System.Text;

namespace Fiducial.Dicom.Network;

/// <summary>
/// The character set of an answer: that of the request when all of the answer can be written in it, else Latin alphabet No. 1, which
/// nearly every device knows. UTF-8 only for who speaks it (PS3.4 C.4.1.1.3.2).
/// </summary>
public sealed class AnswerText
{
    private const string Latin1 = "ISO_IR 100";
    private const string Unicode = "ISO_IR 192";

    // Sets of one byte a character, and the two that hold every character. PS3.3 C.12.1.1.2.
    private static readonly Dictionary<string, int> CodePages = new(StringComparer.Ordinal)
    {
        [Latin1] = 28591,
        ["ISO_IR 101"] = 28592,
        ["ISO_IR 109"] = 28593,
        ["ISO_IR 110"] = 28594,
        ["ISO_IR 144"] = 28595,
        ["ISO_IR 127"] = 28596,
        ["ISO_IR 126"] = 28597,
        ["ISO_IR 138"] = 28598,
        ["ISO_IR 148"] = 28599,
        ["ISO_IR 166"] = 874,
        ["ISO_IR 203"] = 28605,
        ["GB18030"] = 54936,
        [Unicode] = 65001,
    };

    private readonly string _name;
    private readonly Encoding _encoding;

    static AnswerText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="request">Its identifier.</param>
    /// <param name="answersUnicode">Unicode for requests without a character set, when devices are known to read it.</param>
    public AnswerText(DicomDataSet request, bool answersUnicode = false)
    {
        var asked = request.GetString(DicomTags.SpecificCharacterSet) ?? "";
        _name =
            CodePages.ContainsKey(asked) ? asked
            : answersUnicode ? Unicode
            : Latin1;
        _encoding = Encoding.GetEncoding(
            CodePages[_name],
            new EncoderReplacementFallback("?"),
            DecoderFallback.ReplacementFallback
        );
    }

    /// <summary>States the set in the answer.</summary>
    public void State(DicomDataSet answer) => answer.Set(DicomTags.SpecificCharacterSet, _name);

    /// <summary>Puts text into the answer in its set; a character that the set does not have becomes a question mark.</summary>
    public void Set(DicomDataSet answer, DicomTag tag, params IReadOnlyList<string> values)
    {
        var vr = DicomDictionary.VROf(tag);
        if (DicomVRs.IsCharacterSetText(vr))
        {
            answer.SetBytes(tag, vr, _encoding.GetBytes(string.Join('\\', values)));
        }
        else
        {
            answer.Set(tag, [.. values]);
        }
    }
}
