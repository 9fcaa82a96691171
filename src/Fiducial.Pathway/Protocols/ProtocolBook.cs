namespace Fiducial.Pathway.Protocols;

/// <summary>The clinic's protocols.</summary>
public static class ProtocolBook
{
    public static IReadOnlyList<ExamProtocol> All { get; } =
    [
        new("XR-WRIST", "DX", "WRIST", "X-ray of the wrist", Paired: true, ["PA", "LATERAL"], AutoProtocol: true),
        new("XR-CHEST", "DX", "CHEST", "X-ray of the chest", Paired: false, ["PA", "LATERAL"], AutoProtocol: true),
        new("XR-GENERAL", "DX", "OTHER", "X-ray", Paired: false, ["ANY"], AutoProtocol: true),
        new(
            "CT-HEAD-CHEST",
            "CT",
            "HEAD",
            "CT of head and chest",
            Paired: false,
            ["HEAD", "CHEST"],
            AutoProtocol: false
        ),
        new("CT-GENERAL", "CT", "OTHER", "CT", Paired: false, ["ANY"], AutoProtocol: false),
        new("MR-KNEE", "MR", "KNEE", "MRI of the knee", Paired: true, ["SAG"], AutoProtocol: false),
        new("MR-GENERAL", "MR", "OTHER", "MRI", Paired: false, ["ANY"], AutoProtocol: false),
        new("US-ABDOMEN", "US", "ABDOMEN", "Ultrasound of the abdomen", Paired: false, ["CINE"], AutoProtocol: true),
        new("US-GENERAL", "US", "OTHER", "Ultrasound", Paired: false, ["ANY"], AutoProtocol: true),
        new("NM-BONE", "NM", "WHOLEBODY", "Bone scan", Paired: false, ["WHOLE BODY"], AutoProtocol: false),
        new("NM-GENERAL", "NM", "OTHER", "Nuclear medicine", Paired: false, ["ANY"], AutoProtocol: false),
        new(
            "MG-GENERAL",
            "MG",
            "BREAST",
            "Mammography",
            Paired: false,
            ["ANY"],
            AutoProtocol: true,
            SelfReferral: true
        ),
    ];

    public static ExamProtocol? Find(string code) => All.FirstOrDefault(p => p.Code == code);
}
