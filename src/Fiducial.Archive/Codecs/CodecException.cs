namespace Fiducial.Archive.Codecs;

/// <summary>A frame could not be decoded: its codestream is damaged, or nobody here knows its format. It is never drawn in part.</summary>
public sealed class CodecException(string message, Exception? inner = null) : Exception(message, inner);
