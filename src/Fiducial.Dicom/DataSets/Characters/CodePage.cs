using System.Text;

namespace Fiducial.Dicom.Characters;

/// <summary>The code pages of .NET that are no Unicode; they must be registered before one is asked for.</summary>
internal static class CodePage
{
    static CodePage() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Bytes that the page lacks become U+FFFD; characters that it lacks throw <see cref="EncoderFallbackException"/>.</summary>
    public static Encoding Of(int page) =>
        Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD"));
}
