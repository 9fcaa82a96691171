using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>The addresses of resources, as the client sees this server.</summary>
internal static class DicomWebAddress
{
    public const string Prefix = "/dicomweb";

    public static string OfStudy(HttpRequest request, string study) =>
        $"{request.Scheme}://{request.Host}{request.PathBase}{Prefix}/studies/{Uri.EscapeDataString(study)}";

    public static string OfSeries(HttpRequest request, string study, string series) =>
        $"{OfStudy(request, study)}/series/{Uri.EscapeDataString(series)}";

    public static string OfInstance(HttpRequest request, string study, string series, string instance) =>
        $"{OfSeries(request, study, series)}/instances/{Uri.EscapeDataString(instance)}";

    public static string OfInstance(HttpRequest request, StoredInstance instance) =>
        OfInstance(request, instance.StudyInstanceUid, instance.SeriesInstanceUid, instance.SopInstanceUid);
}
