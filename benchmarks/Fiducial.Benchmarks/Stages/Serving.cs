using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>Everything that is asked of a server which holds images.</summary>
internal static class Serving
{
    /// <summary>Loads what is asked for, then filler until the index holds <paramref name="level"/> instances.</summary>
    public static async Task<(Study Ct, Study Dx)> LoadAsync(Bench bench, IReadOnlyList<Peer> peers, int level)
    {
        Study? ct = null;
        Study? dx = null;
        await bench.WithStudiesAsync(
            ObjectKind.Ct,
            1,
            200,
            studies =>
            {
                ct = studies[0];
                return Loading.SendAsync(peers, studies, associations: 1);
            }
        );
        await bench.WithStudiesAsync(
            ObjectKind.Dx,
            1,
            1,
            studies =>
            {
                dx = studies[0];
                return Loading.SendAsync(peers, studies, associations: 1);
            }
        );
        await Filling.FillAsync(peers, 0, level - ct!.Instances - dx!.Instances);
        return (ct, dx);
    }

    public static async Task MeasureAsync(
        Bench bench,
        IReadOnlyList<Peer> peers,
        int repeat,
        Study ct,
        Study dx,
        int? level = null
    )
    {
        IReadOnlyList<Peer> dicom = [.. peers.Where(p => p.Queries)];
        IReadOnlyList<Peer> web = [.. peers.Where(p => p.Web is not null)];
        Task Dicom(Work work, Func<Peer, Task<Outcome>> act) => bench.MeasureAsync(work, dicom, repeat, act, level);
        Task Web(Work work, Func<Peer, Task<Outcome>> act) => bench.MeasureAsync(work, web, repeat, act, level);
        var seconds = bench.Options.WrkSeconds;
        var series = $"/studies/{ct.StudyInstanceUid}/series/{ct.SeriesInstanceUid}";
        var image = $"/studies/{dx.StudyInstanceUid}/series/{dx.SeriesInstanceUid}/instances/{dx.FirstInstanceUid}";
        var byPatient = $"/studies?PatientID={ct.PatientId}";

        await Dicom(Works.Find, p => QueryClients.FindAsync(p, ct, queries: 100));
        await Dicom(Works.Get, p => QueryClients.GetAsync(p, ct));
        await Dicom(Works.Move, p => QueryClients.MoveAsync(p, ct));
        await Web(Works.QidoPatient, p => Wrk.GetAsync(p, byPatient, seconds));
        await Web(Works.QidoDate, p => Wrk.GetAsync(p, $"/studies?StudyDate={StudyWriter.BusyDay}", seconds));
        await Web(Works.QidoLimit, p => Wrk.GetAsync(p, "/studies?limit=50", seconds));
        await Web(Works.QidoAlone, p => WebClient.GetAsync(p, byPatient, WebClient.Json, 30, least: 100));
        await Web(
            Works.Metadata,
            p => WebClient.GetAsync(p, series + "/metadata", WebClient.Json, 5, least: 200 * ct.Instances)
        );
        await Web(
            Works.WholeStudy,
            p =>
                WebClient.GetAsync(p, $"/studies/{ct.StudyInstanceUid}", WebClient.Dicom, 5, least: ct.Bytes * 99 / 100)
        );
        await Web(
            Works.Frame,
            p => WebClient.GetAsync(p, image + "/frames/1", WebClient.Octets, 5, least: dx.Kind.FrameLength)
        );
        await Web(
            Works.Rendered,
            p => WebClient.GetAsync(p, image + "/rendered?viewport=512,512", "image/jpeg", 3, least: 2000)
        );
    }
}
