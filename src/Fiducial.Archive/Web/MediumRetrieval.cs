using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Web;

/// <summary>
/// A study as one ZIP with a DICOMDIR, made while it is sent: what a patient takes along and a doctor passes on. Its length is not known
/// before; a connection that is cut says that not all has come.
/// </summary>
internal static partial class MediumRetrieval
{
    private const string Zip = "application/zip";

    public static async Task SendAsync(
        HttpContext context,
        IReadOnlyList<StoredInstance> instances,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        context.Response.ContentType = Zip;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{NameOf(instances[0])}\"";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }
        var receipt = await context
            .RequestServices.GetRequiredService<IStudyExport>()
            .ExportZipAsync(instances, context.Response.Body, new ExportOptions(), ct);
        if (receipt.Problems.Count > 0)
        {
            var log = context
                .RequestServices.GetRequiredService<ILoggerFactory>()
                .CreateLogger(typeof(MediumRetrieval));
            LogProblems(log, instances[0].StudyInstanceUid, string.Join(' ', receipt.Problems.Take(3)));
        }
    }

    // A file's name travels far: it says which exam it is, and not whose. What a peer sent never becomes a name as it is.
    private static string NameOf(StoredInstance instance)
    {
        var number = string.Concat(instance.AccessionNumber.Where(char.IsAsciiLetterOrDigit).Take(16));
        return number.Length > 0 ? $"exam-{number}.zip" : "exam.zip";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Not all of the study {study} could be exported: {problems}")]
    private static partial void LogProblems(ILogger log, string study, string problems);
}
