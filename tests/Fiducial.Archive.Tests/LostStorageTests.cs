using System.Collections.Concurrent;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

/// <summary>An object storage that is killed while several senders store, and comes back.</summary>
public sealed class LostStorageTests
{
    private const int Senders = 3;

    [Fact]
    public async Task A_lost_object_storage_refuses_with_A700_loses_nothing_that_was_acknowledged_and_takes_objects_again_without_a_restart()
    {
        using var door = await RadosGateway.NewDoorAsync();
        await using var archive = new TemporaryArchive(store: door.NewBucket());
        var acknowledged = new ConcurrentQueue<DicomDataSet>();
        var refused = new ConcurrentQueue<(DicomDataSet Set, DimseStatus Status)>();
        // Each goes on until the storage is lost under an object of its own, and once more.
        async Task SendAsync()
        {
            for (var failures = 0; failures < 2; )
            {
                var set = TestImages.Grey(512, 512);
                var status = await StoreAsync(archive, set);
                if (status.IsSuccess)
                {
                    acknowledged.Enqueue(set);
                }
                else
                {
                    refused.Enqueue((set, status));
                    failures++;
                }
                (acknowledged.Count + refused.Count).Should().BeLessThan(2000, "the storage must be lost by now");
            }
        }
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAsync)).ToList();
        while (acknowledged.Count < 2 * Senders && !senders.Exists(s => s.IsCompleted))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        door.Lose();
        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        refused.Should().HaveCount(2 * Senders).And.OnlyContain(r => r.Status.Code == 0xA700);
        foreach (var (set, _) in refused)
        {
            archive.Images.Find(UidOf(set)).Should().BeNull("what was refused is not half visible");
        }
        // Nor is anything of it left on this machine.
        ReceivingTests.InstanceFiles(archive.Folder).Should().BeEmpty();

        await door.OpenAsync();
        foreach (var (set, _) in refused)
        {
            (await StoreAsync(archive, set)).IsSuccess.Should().BeTrue();
        }
        foreach (var set in acknowledged.Concat(refused.Select(r => r.Set)))
        {
            (await archive.Get<IImageVerification>().JudgeAsync(UidOf(set), CancellationToken.None))!
                .Value.IsSound.Should()
                .BeTrue();
        }
        archive.Get<IQuarantine>().List(0, 10).Should().BeEmpty();
    }

    private static string UidOf(DicomDataSet set) => set.GetString(DicomTags.SOPInstanceUID)!;

    // Over the network, as modalities do.
    private static async Task<DimseStatus> StoreAsync(TemporaryArchive archive, DicomDataSet set)
    {
        using var bytes = new MemoryStream();
        DicomFile.Write(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        var file = DicomFile.Read(bytes);
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            archive.Server.Port,
            "MODALITY",
            "FIDUCIAL",
            DicomClient.ContextsFor([file])
        );
        var status = await client.StoreAsync(file, bytes);
        await client.ReleaseAsync();
        return status;
    }
}
