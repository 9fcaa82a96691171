using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration;

/// <summary>Whose exam is drawn, and under which numbers.</summary>
public sealed record ExamIdentity(
    string PatientId,
    string PatientName,
    string BirthDate,
    string Sex,
    string AccessionNumber,
    string StudyInstanceUid,
    DateTimeOffset At,
    string Laterality
);

/// <summary>An exam of the demonstration: its order and its drawing.</summary>
public sealed record DemonstrationExam(
    string Name,
    string ProtocolCode,
    string Laterality,
    string Indication,
    Func<ExamIdentity, IEnumerable<DicomDataSet>> Draw
);
