using Fiducial.Dicom.Deidentification;

namespace Fiducial.Archive;

/// <summary>Puts studies on a medium: a folder or a ZIP with a DICOMDIR (PS3.10, PS3.11 General Purpose).</summary>
public interface IStudyExport
{
    /// <summary>Every object of the studies; the DICOMDIR comes last, so that what was stopped on its way is no medium.</summary>
    /// <param name="medium">A folder that is missing or empty.</param>
    /// <exception cref="IOException">The folder is not empty, or cannot be written.</exception>
    Task<ExportReceipt> ExportAsync(
        IReadOnlyList<string> studyInstanceUids,
        string medium,
        ExportOptions options,
        CancellationToken ct
    );

    /// <summary>The same as a ZIP that is written forwards, with asynchronous calls alone: memory does not grow with what is in it.</summary>
    /// <param name="zip">Need not seek; stays open. What was left out stands in a file of the ZIP too.</param>
    Task<ExportReceipt> ExportZipAsync(
        IReadOnlyList<string> studyInstanceUids,
        Stream zip,
        ExportOptions options,
        CancellationToken ct
    );

    /// <summary>The same of these objects alone.</summary>
    Task<ExportReceipt> ExportZipAsync(
        IReadOnlyList<StoredInstance> instances,
        Stream zip,
        ExportOptions options,
        CancellationToken ct
    );
}

/// <summary>How objects stand on the medium.</summary>
public sealed record ExportOptions
{
    /// <summary>Null keeps who the patient is.</summary>
    public DeidentificationOptions? Deidentification { get; init; }

    /// <summary>
    /// Byte for byte as they were received, also those in implicit VR or deflated, which the General Purpose profile (PS3.11 D) does not
    /// allow; else these are written in explicit VR little endian. Compressed ones are as received in either case.
    /// </summary>
    public bool IsAsStored { get; init; }
}

/// <summary>What was put on the medium.</summary>
/// <param name="Problems">Sentences: studies that are unknown, objects that are damaged and were left out.</param>
/// <param name="Doubts">Sentences: what a person should look at before a de-identified medium is given away.</param>
public sealed record ExportReceipt(int Objects, IReadOnlyList<string> Problems, IReadOnlyList<string> Doubts);
