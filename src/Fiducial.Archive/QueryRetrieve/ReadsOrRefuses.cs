using System.Data.Common;
using Fiducial.Archive.Index;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

internal static class ReadsOrRefuses
{
    /// <summary>Reads the index for a request.</summary>
    /// <param name="code">Of the status with which the request is refused when the index is out of reach.</param>
    /// <exception cref="DimseException">It is.</exception>
    public static T ReadOrRefuse<T>(this ArchiveIndex index, Func<DbConnection, T> read, ushort code)
    {
        try
        {
            return index.Read(read);
        }
        catch (IndexUnavailableException)
        {
            throw new DimseException(new DimseStatus(code, "The archive's index is out of reach"));
        }
    }
}
