using Fiducial.Server.Demonstration.Drawing;

namespace Fiducial.Server.Demonstration;

/// <summary>The exams that the demonstration draws.</summary>
public static class DemonstrationExams
{
    public static IReadOnlyList<DemonstrationExam> All { get; } =
    [
        new(
            "Wrist radiograph",
            "XR-WRIST",
            "L",
            "Fall on the outstretched hand, pain in the snuffbox.",
            WristRadiograph.Draw
        ),
        new(
            "CT of head and chest",
            "CT-HEAD-CHEST",
            "",
            "Fall from a ladder, headache, chest pain.",
            CtHeadAndChest.Draw
        ),
        new("MRI of the knee", "MR-KNEE", "L", "Twisted knee, giving way.", MrKnee.Draw),
        new("Ultrasound cine", "US-ABDOMEN", "", "Pain below the right ribs after meals.", UltrasoundCine.Draw),
        new("Bone scan", "NM-BONE", "", "Back pain, raised alkaline phosphatase.", BoneScan.Draw),
    ];
}
