using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_larger_than_may_be_imported_is_refused_and_named_and_can_be_taken_in_when_it_may()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-archive-").FullName;
        Write(Path.Combine(_folder, "SMALL"), TestImages.Grey(64, 64));
        Write(Path.Combine(_folder, "LARGE"), TestImages.Grey(512, 512));
        await using (
            var archive = new TemporaryArchive(
                folder,
                keepsFolder: true,
                limits: new ArrivalLimits { Import = new ByteLimits(LargestObject: 10_000) }
            )
        )
        {
            var first = await archive.Get<IFolderImport>().ImportAsync(_folder, new Steps(), CancellationToken.None);
            (first.Stored, first.RefusedCount).Should().Be((1, 1));
            first.Refused.Single().Should().Contain("LARGE: A700 The object is larger than its sender may send");
        }
        await using var again = new TemporaryArchive(folder);
        var second = await again.Get<IFolderImport>().ImportAsync(_folder, new Steps(), CancellationToken.None);
        (second.Stored, second.StoredBefore, second.RefusedCount).Should().Be((1, 1, 0));
    }

    [Fact]
    public async Task A_folder_is_taken_in_with_its_folders_and_a_second_run_takes_in_only_what_is_new()
    {
        await using var archive = new TemporaryArchive();
        var sets = Enumerable.Range(0, 12).Select(_ => TestImages.Grey(32, 32)).ToList();
        Directory.CreateDirectory(Path.Combine(_folder, "disc", "IMAGES"));
        for (var i = 0; i < 10; i++)
        {
            Write(Path.Combine(_folder, "disc", i % 2 == 0 ? "IMAGES" : "", $"IM{i}"), sets[i]);
        }
        await File.WriteAllTextAsync(Path.Combine(_folder, "README.TXT"), "This disc has images on it.");
        var steps = new Steps();
        var first = await archive.Get<IFolderImport>().ImportAsync(_folder, steps, CancellationToken.None);
        first
            .Should()
            .BeEquivalentTo(
                new
                {
                    Files = 11,
                    Stored = 10,
                    Ignored = 1,
                    RefusedCount = 0,
                    Done = 11,
                }
            );
        steps.Seen.Select(s => s.Done).Should().BeInAscendingOrder().And.HaveCount(11);
        foreach (var set in sets.Take(10))
        {
            archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        }
        Write(Path.Combine(_folder, "disc", "LATE"), sets[10]);
        await File.WriteAllBytesAsync(
            Path.Combine(_folder, "disc", "BAD"),
            WithGroup2Of("1.2.3.4", sets[11].Set(DicomTags.StudyInstanceUID, "../study"))
        );
        var second = await archive.Get<IFolderImport>().ImportAsync(_folder, steps, CancellationToken.None);
        second
            .Should()
            .BeEquivalentTo(
                new
                {
                    Files = 13,
                    Stored = 1,
                    StoredBefore = 11,
                    RefusedCount = 1,
                }
            );
        second.Refused.Should().ContainSingle().Which.Should().Contain("BAD: C000");
        ReceivingTests.InstanceFiles(archive.Folder).Should().HaveCount(11);
    }

    [Fact]
    public async Task What_an_object_says_of_itself_counts_more_than_its_file()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(16, 16);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "IM1"), WithGroup2Of("1.2.3.4", set));
        var result = await archive.Get<IFolderImport>().ImportAsync(_folder, new Steps(), CancellationToken.None);
        result.Stored.Should().Be(1);
        var uid = set.GetString(DicomTags.SOPInstanceUID)!;
        await using var part10 = archive.Images.OpenPart10(archive.Images.Find(uid)!);
        DicomFile.Read(part10).FileMeta.GetString(DicomTags.MediaStorageSOPInstanceUID).Should().Be(uid);
    }

    [Fact]
    public async Task The_round_verifies_what_is_due_makes_second_copies_and_heals_what_is_damaged()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(64, 64);
        await archive.StoreAsync(set);
        var round = new Verification.VerificationRound(
            archive.Get<Index.ArchiveIndex>(),
            archive.Get<Index.IndexWriter>(),
            archive.Get<IImageVerification>(),
            archive.Get<ArchiveOptions>(),
            clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Verification.VerificationRound>.Instance
        );
        (await round.VerifyDueAsync(CancellationToken.None)).Should().Be(0, "it has only just arrived");
        clock.Ahead += TimeSpan.FromHours(2);
        (await round.VerifyDueAsync(CancellationToken.None)).Should().Be(1);
        (await round.VerifyDueAsync(CancellationToken.None)).Should().Be(0, "it has been verified");
        var file = ReceivingTests.InstanceFiles(archive.Folder).Single();
        var good = await File.ReadAllBytesAsync(file);
        var bad = good.ToArray();
        bad[^10] ^= 1;
        await File.WriteAllBytesAsync(file, bad);
        clock.Ahead += TimeSpan.FromDays(31);
        (await round.VerifyDueAsync(CancellationToken.None)).Should().Be(1);
        (await File.ReadAllBytesAsync(file)).Should().Equal(good);
    }

    private static void Write(string path, DicomDataSet set)
    {
        using var stream = File.Create(path);
        DicomFile.Write(stream, set, TransferSyntax.ExplicitVRLittleEndian);
    }

    private static byte[] WithGroup2Of(string uid, DicomDataSet set)
    {
        using var stream = new MemoryStream();
        var syntax = TransferSyntax.ExplicitVRLittleEndian;
        stream.Write(DicomFile.FileMetaBytes(set.GetString(DicomTags.SOPClassUID)!, uid, syntax.Uid, null));
        DicomFile.WriteDataSet(stream, set, syntax);
        return stream.ToArray();
    }

    private sealed class TurnedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    private sealed class Steps : IProgress<ImportProgress>
    {
        public List<ImportProgress> Seen { get; } = [];

        public void Report(ImportProgress value)
        {
            Seen.Add(value);
        }
    }
}
