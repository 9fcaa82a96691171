namespace Fiducial.Pathway.Law;

/// <summary>The eleven orthogonal regions of an exam's statechart.</summary>
public enum Region
{
    Order,
    Exam,
    Images,
    Report,
    Delivery,
    Duty,
    Release,
    Alert,
    Concern,
    Followup,
    Access,
}

public static class Regions
{
    /// <summary>Where a region stands before its first step.</summary>
    public static string Initial(Region region) =>
        region switch
        {
            Region.Release => "shut",
            Region.Access => "normal",
            _ => "none",
        };
}
