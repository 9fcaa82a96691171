using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Clients;

/// <summary>DCMTK's findscu, getscu and movescu, at study root.</summary>
internal static class QueryClients
{
    /// <summary>Title of every client here, and of the C-MOVE destination.</summary>
    public const string AETitle = "BENCH";
    public const int MovePort = 25911;
    private const int Starts = 3;

    /// <summary>
    /// <paramref name="queries"/> C-FINDs by PatientID on one association. Its start, and that of the program, are left out:
    /// they are measured by the shortest of some runs with a single query.
    /// </summary>
    public static async Task<Outcome> FindAsync(Peer peer, Study study, int queries)
    {
        string[] keys =
        [
            "-S",
            "-aet",
            AETitle,
            "-aec",
            peer.AETitle,
            "-k",
            "0008,0052=STUDY",
            "-k",
            "StudyInstanceUID",
            "-k",
            "PatientName",
            "-k",
            "StudyDate",
            "-k",
            "AccessionNumber",
            "-k",
            "ModalitiesInStudy",
            "-k",
            $"PatientID={study.PatientId}",
        ];
        string[] target = ["127.0.0.1", $"{peer.DicomPort}"];
        var one = TimeSpan.MaxValue;
        for (var i = 0; i < Starts; i++)
        {
            var single = await Tool.RunAsync("findscu", [.. keys, "-v", .. target]);
            if (Refusal(single) is { } refused)
            {
                return refused;
            }
            if (!single.Output.Contains(study.StudyInstanceUid, StringComparison.Ordinal))
            {
                return Outcome.Failed("the study was not found");
            }
            one = single.Took < one ? single.Took : one;
        }
        var many = await Tool.RunAsync("findscu", [.. keys, "--repeat", $"{queries + 1}", .. target]);
        return Refusal(many)
            ?? (
                many.Took > one
                    ? Outcome.Of(queries, 0, (many.Took - one).TotalSeconds, cpuCount: queries + 1 + Starts)
                    : Outcome.Failed("the machine is too busy to tell the queries from the program's start")
            );
    }

    public static Task<Outcome> GetAsync(Peer peer, Study study) =>
        RetrieveAsync(peer, study, folder => ("getscu", ["-aec", peer.AETitle, "+B", "-od", folder]));

    /// <summary>The destination is movescu itself.</summary>
    public static Task<Outcome> MoveAsync(Peer peer, Study study) =>
        RetrieveAsync(
            peer,
            study,
            _ => ("movescu", ["-aec", peer.AETitle, "-aem", AETitle, "+P", $"{MovePort}", "+B"])
        );

    private static async Task<Outcome> RetrieveAsync(
        Peer peer,
        Study study,
        Func<string, (string Program, string[] Options)> how
    )
    {
        // In memory: the client's own writing is not what is measured. movescu writes into its current folder.
        var folder = Directory.CreateTempSubdirectory("retrieved-").FullName;
        try
        {
            var (program, options) = how(folder);
            var ended = await Tool.RunAsync(
                program,
                [
                    "-S",
                    "-aet",
                    AETitle,
                    .. options,
                    "-k",
                    "0008,0052=STUDY",
                    "-k",
                    $"0020,000d={study.StudyInstanceUid}",
                    "127.0.0.1",
                    $"{peer.DicomPort}",
                ],
                folder
            );
            if (Refusal(ended) is { } refused)
            {
                return refused;
            }
            var files = new DirectoryInfo(folder).GetFiles();
            return files.Length == study.Instances
                ? Outcome.Of(files.Length, files.Sum(f => f.Length), ended.Took.TotalSeconds)
                : Outcome.Failed($"{files.Length} of {study.Instances} came: {ended.LastLine}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Outcome? Refusal(ToolResult result) =>
        result.ExitCode == 0 ? null
        : result.Output.Contains("presentation context", StringComparison.OrdinalIgnoreCase) ? Outcome.Missing()
        : Outcome.Failed(result.LastLine);
}
