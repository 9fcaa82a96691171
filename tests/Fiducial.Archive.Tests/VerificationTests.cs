using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

public sealed class VerificationTests
{
    [Fact]
    public async Task A_whole_study_is_verified_and_has_a_second_copy()
    {
        await using var archive = new TemporaryArchive();
        var study = await StudyAsync(archive, 3);
        var receipt = await archive.Get<IImageVerification>().VerifyStudyAsync(study, CancellationToken.None);
        receipt.Ok.Should().BeTrue();
        receipt.InstanceCount.Should().Be(3);
        receipt.Instances.Should().OnlyContain(i => i.IsLossless);
        receipt
            .Instances.Should()
            .OnlyContain(i => i.Sha256AtReceive == i.Sha256OnDisk && i.Sha256OnDisk == i.Sha256OfSecondCopy);
        Directory
            .GetFiles(Path.Combine(archive.Folder, "second-copy"), "*.dcm", SearchOption.AllDirectories)
            .Should()
            .HaveCount(3);
    }

    [Fact]
    public async Task A_flipped_byte_is_found_and_healed_from_the_second_copy()
    {
        await using var archive = new TemporaryArchive();
        var study = await StudyAsync(archive, 2);
        var verification = archive.Get<IImageVerification>();
        await verification.VerifyStudyAsync(study, CancellationToken.None);
        Flip(ReceivingTests.InstanceFiles(archive.Folder)[0]);
        (await verification.VerifyStudyAsync(study, CancellationToken.None)).Ok.Should().BeTrue();
    }

    [Fact]
    public async Task Damage_without_a_good_copy_is_a_problem_with_a_sentence()
    {
        await using var archive = new TemporaryArchive();
        var study = await StudyAsync(archive, 2);
        Flip(ReceivingTests.InstanceFiles(archive.Folder)[0]);
        var receipt = await archive.Get<IImageVerification>().VerifyStudyAsync(study, CancellationToken.None);
        receipt.Ok.Should().BeFalse();
        receipt.Problems.Should().Contain(p => p.Contains("damaged"));
    }

    [Fact]
    public async Task An_unknown_study_is_not_verified()
    {
        await using var archive = new TemporaryArchive();
        (await archive.Get<IImageVerification>().VerifyStudyAsync("1.2.3", CancellationToken.None))
            .Ok.Should()
            .BeFalse();
    }

    private static async Task<string> StudyAsync(TemporaryArchive archive, int images)
    {
        var study = DicomUidFactory.New();
        for (var i = 0; i < images; i++)
        {
            (await archive.StoreAsync(TestImages.Grey(40, 40, studyUid: study))).IsSuccess.Should().BeTrue();
        }
        return study;
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
