namespace Fiducial.Pathway.Law;

/// <summary>The roles of the pathway, as the two tables of the law name them.</summary>
public enum Role
{
    /// <summary>Technologist or sonographer.</summary>
    TECH,

    /// <summary>Resident.</summary>
    RES,

    /// <summary>Radiologist with reader privilege.</summary>
    RAD,

    /// <summary>Medical director, or on-call radiologist of last resort.</summary>
    MDR,

    /// <summary>The responsible referring doctor.</summary>
    REF,

    /// <summary>A doctor who holds accepted cover.</summary>
    COV,

    /// <summary>A doctor who gets a copy and is not responsible.</summary>
    CCD,

    /// <summary>Care-team delegate of the responsible doctor.</summary>
    DEL,

    /// <summary>The patient.</summary>
    PAT,

    /// <summary>The patient's proxy.</summary>
    PRX,

    /// <summary>Clerk, booking.</summary>
    CLK,

    /// <summary>Results coordinator: status only.</summary>
    CRD,

    /// <summary>System administrator.</summary>
    ADM,

    /// <summary>Physicist, display quality.</summary>
    PHY,

    /// <summary>Privacy officer.</summary>
    PRV,

    /// <summary>A modality or another archive.</summary>
    EXTM,

    /// <summary>A doctor's electronic record.</summary>
    EXTE,

    /// <summary>The provincial repository.</summary>
    EXTP,

    /// <summary>An application that the patient authorised.</summary>
    APP,

    /// <summary>Timers and policy engine. It acts by the transitions and reads nothing.</summary>
    SYS,
}
