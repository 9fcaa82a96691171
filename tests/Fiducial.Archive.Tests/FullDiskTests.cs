using System.Diagnostics;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

/// <summary>A disk that is really full: eight megabytes of memory, mounted for the test.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_refuses_with_A700_loses_nothing_that_was_acknowledged_and_takes_objects_again_when_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-full-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder) == 0,
            "A small disk cannot be mounted here: that needs root."
        );
        try
        {
            var ballast = Path.Combine(folder, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[3 * 1024 * 1024], TestContext.Current.CancellationToken);
            await using (var archive = new TemporaryArchive(Path.Combine(folder, "archive"), keepsFolder: true))
            {
                var acknowledged = new List<string>();
                DicomDataSet refused;
                // Half a megabyte each: the disk is full after a few.
                while (true)
                {
                    var set = TestImages.Grey(512, 512);
                    var status = await StoreAsync(archive, set);
                    if (!status.IsSuccess)
                    {
                        status.Code.Should().Be(0xA700);
                        refused = set;
                        break;
                    }
                    acknowledged.Add(set.GetString(DicomTags.SOPInstanceUID)!);
                    acknowledged.Count.Should().BeLessThan(20, "the disk must be full by now");
                }
                acknowledged.Should().NotBeEmpty();
                (await StoreAsync(archive, refused)).Code.Should().Be(0xA700, "it still is");
                ReceivingTests.InstanceFiles(archive.Folder).Should().HaveCount(acknowledged.Count);
                archive.Images.Find(refused.GetString(DicomTags.SOPInstanceUID)!).Should().BeNull();
                await VerifyAsync(archive, acknowledged);
                File.Delete(ballast);
                (await StoreAsync(archive, refused)).IsSuccess.Should().BeTrue();
                await VerifyAsync(archive, [.. acknowledged, refused.GetString(DicomTags.SOPInstanceUID)!]);
            }
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    // Refused while it is written, or when it is complete: the sender hears the same.
    private static async Task<DimseStatus> StoreAsync(TemporaryArchive archive, DicomDataSet set)
    {
        try
        {
            return await archive.StoreAsync(set);
        }
        catch (DimseException e)
        {
            return e.Status;
        }
    }

    private static async Task VerifyAsync(TemporaryArchive archive, List<string> uids)
    {
        foreach (var uid in uids)
        {
            (await archive.Get<IImageVerification>().JudgeAsync(uid, CancellationToken.None))!
                .Value.IsSound.Should()
                .BeTrue();
        }
    }

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, words)
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
