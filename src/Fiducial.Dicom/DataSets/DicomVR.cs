namespace Fiducial.Dicom;

/// <summary>Value representations (PS3.5 6.2). The number is the two letters as they stand in an explicit VR header.</summary>
public enum DicomVR : ushort
{
    AE = ('A' << 8) | 'E',
    AS = ('A' << 8) | 'S',
    AT = ('A' << 8) | 'T',
    CS = ('C' << 8) | 'S',
    DA = ('D' << 8) | 'A',
    DS = ('D' << 8) | 'S',
    DT = ('D' << 8) | 'T',
    FD = ('F' << 8) | 'D',
    FL = ('F' << 8) | 'L',
    IS = ('I' << 8) | 'S',
    LO = ('L' << 8) | 'O',
    LT = ('L' << 8) | 'T',
    OB = ('O' << 8) | 'B',
    OD = ('O' << 8) | 'D',
    OF = ('O' << 8) | 'F',
    OL = ('O' << 8) | 'L',
    OV = ('O' << 8) | 'V',
    OW = ('O' << 8) | 'W',
    PN = ('P' << 8) | 'N',
    SH = ('S' << 8) | 'H',
    SL = ('S' << 8) | 'L',
    SQ = ('S' << 8) | 'Q',
    SS = ('S' << 8) | 'S',
    ST = ('S' << 8) | 'T',
    SV = ('S' << 8) | 'V',
    TM = ('T' << 8) | 'M',
    UC = ('U' << 8) | 'C',
    UI = ('U' << 8) | 'I',
    UL = ('U' << 8) | 'L',
    UN = ('U' << 8) | 'N',
    UR = ('U' << 8) | 'R',
    US = ('U' << 8) | 'S',
    UT = ('U' << 8) | 'T',
    UV = ('U' << 8) | 'V',
}

/// <summary>What follows from a VR.</summary>
public static class DicomVRs
{
    public static bool IsKnown(ushort letters) => Enum.IsDefined((DicomVR)letters);

    /// <summary>True when an explicit header has a 16-bit length; every other VR, known or not, has 32 bits (PS3.5 7.1.2).</summary>
    public static bool HasShortLength(DicomVR vr) =>
        vr
            is DicomVR.AE
                or DicomVR.AS
                or DicomVR.AT
                or DicomVR.CS
                or DicomVR.DA
                or DicomVR.DS
                or DicomVR.DT
                or DicomVR.FD
                or DicomVR.FL
                or DicomVR.IS
                or DicomVR.LO
                or DicomVR.LT
                or DicomVR.PN
                or DicomVR.SH
                or DicomVR.SL
                or DicomVR.SS
                or DicomVR.ST
                or DicomVR.TM
                or DicomVR.UI
                or DicomVR.UL
                or DicomVR.US;

    /// <summary>Text whose characters follow Specific Character Set (PS3.5 6.1.2.2).</summary>
    public static bool IsCharacterSetText(DicomVR vr) =>
        vr is DicomVR.LO or DicomVR.LT or DicomVR.PN or DicomVR.SH or DicomVR.ST or DicomVR.UC or DicomVR.UT;

    /// <summary>Text of the default repertoire.</summary>
    public static bool IsPlainText(DicomVR vr) =>
        vr
            is DicomVR.AE
                or DicomVR.AS
                or DicomVR.CS
                or DicomVR.DA
                or DicomVR.DS
                or DicomVR.DT
                or DicomVR.IS
                or DicomVR.TM
                or DicomVR.UI
                or DicomVR.UR;

    /// <summary>Text in which a backslash does not separate values.</summary>
    public static bool IsSingleText(DicomVR vr) => vr is DicomVR.LT or DicomVR.ST or DicomVR.UT or DicomVR.UR;

    /// <summary>Bytes of one number; 1 for text and bytes. Big endian data sets are swapped by this.</summary>
    public static int UnitOf(DicomVR vr) =>
        vr switch
        {
            DicomVR.AT or DicomVR.OW or DicomVR.SS or DicomVR.US => 2,
            DicomVR.FL or DicomVR.OF or DicomVR.OL or DicomVR.SL or DicomVR.UL => 4,
            DicomVR.FD or DicomVR.OD or DicomVR.OV or DicomVR.SV or DicomVR.UV => 8,
            _ => 1,
        };

    /// <summary>Values that may be large and are left in the file.</summary>
    public static bool IsBulk(DicomVR vr) =>
        vr
            is DicomVR.OB
                or DicomVR.OD
                or DicomVR.OF
                or DicomVR.OL
                or DicomVR.OV
                or DicomVR.OW
                or DicomVR.UN
                or DicomVR.UT
                or DicomVR.UC;
}
