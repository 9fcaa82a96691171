using System.Net;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>What only a database of its own can do: be away, be shared, take an index over. All else is tested twice (see <see cref="TemporaryArchive.IsOnPostgres"/>).</summary>
public sealed class PostgresIndexTests
{
    [Fact]
    public async Task While_the_database_is_down_objects_are_refused_with_A700_and_afterwards_they_are_taken_without_a_restart()
    {
        var server = await TemporaryPostgres.OwnAsync();
        await using var archive = new TemporaryArchive(database: server.Database);
        using var web = await archive.OpenWebAsync();
        var before = TestImages.Grey(16, 16);
        (await archive.StoreAsync(before)).IsSuccess.Should().BeTrue();
        (await web.GetAsync("/dicomweb/studies", TestContext.Current.CancellationToken))
            .StatusCode.Should()
            .Be(HttpStatusCode.OK);
        await server.StopAsync();
        var refused = TestImages.Grey(16, 16);
        (await archive.StoreAsync(refused)).Code.Should().Be(0xA700);
        (await archive.StoreAsync(refused)).Code.Should().Be(0xA700);
        foreach (var path in (string[])["/dicomweb/studies", "/dicomweb/studies/1.2.3/metadata", "/quarantine"])
        {
            using var answer = await web.GetAsync(path, TestContext.Current.CancellationToken);
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .Should()
                .Contain("out of reach");
            answer.Headers.RetryAfter.Should().NotBeNull();
        }
        // Nothing is left half visible: neither a file nor a row.
        ReceivingTests.InstanceFiles(archive.Folder).Should().ContainSingle();
        await server.StartAsync();
        archive.Images.Find(before.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        archive.Images.Find(refused.GetString(DicomTags.SOPInstanceUID)!).Should().BeNull();
        (await archive.StoreAsync(refused)).IsSuccess.Should().BeTrue();
        archive.Images.Find(refused.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        (await web.GetAsync("/dicomweb/studies", TestContext.Current.CancellationToken))
            .StatusCode.Should()
            .Be(HttpStatusCode.OK);
        archive.Get<IQuarantine>().List(0, 10).Should().BeEmpty();
        await server.StopAsync();
    }

    [Fact]
    public async Task Many_writers_at_once_each_find_what_they_stored_and_the_feed_is_in_the_order_of_commit()
    {
        var database = await TemporaryPostgres.NewDatabaseAsync();
        await using var archive = new TemporaryArchive(database: database);
        var sets = Enumerable.Range(0, 60).Select(_ => TestImages.Grey(8, 8)).ToList();
        var answers = await Task.WhenAll(sets.Select(s => Task.Run(() => archive.StoreAsync(s))));
        answers.Should().OnlyContain(a => a.IsSuccess);
        var feed = archive.Get<IStoredInstanceFeed>().ReadAfter(0, 100);
        feed.Select(i => i.SopInstanceUid)
            .Should()
            .BeEquivalentTo(sets.Select(s => s.GetString(DicomTags.SOPInstanceUID)));
        feed.Select(i => i.Position).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task An_index_in_the_folder_moves_into_the_database_and_keeps_every_position()
    {
        var set = TestImages.Grey(16, 16);
        string folder;
        long position;
        await using (var before = new TemporaryArchive(keepsFolder: true, database: ""))
        {
            folder = before.Folder;
            (await before.StoreAsync(set)).IsSuccess.Should().BeTrue();
            position = before.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!)!.Position;
        }
        await using var after = new TemporaryArchive(folder, database: await TemporaryPostgres.NewDatabaseAsync());
        after.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!)!.Position.Should().Be(position);
        after.Get<IQuarantine>().List(0, 10).Should().BeEmpty();
        var next = TestImages.Grey(16, 16);
        (await after.StoreAsync(next)).IsSuccess.Should().BeTrue();
        after.Images.Find(next.GetString(DicomTags.SOPInstanceUID)!)!.Position.Should().BeGreaterThan(position);
    }

    [Fact]
    public async Task An_archive_is_never_opened_with_the_index_of_another()
    {
        var database = await TemporaryPostgres.NewDatabaseAsync();
        string folder;
        await using (var first = new TemporaryArchive(keepsFolder: true, database: database))
        {
            folder = first.Folder;
            await first.StoreAsync(TestImages.Grey(8, 8));
        }
        var withoutDatabase = () => new TemporaryArchive(folder, keepsFolder: true, database: "").Images;
        withoutDatabase.Should().Throw<IOException>().WithMessage("*--database*");
        var otherFolder = () => new TemporaryArchive(database: database).Images;
        otherFolder.Should().Throw<IOException>().WithMessage("*another archive*");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_database_that_is_away_at_the_start_is_named_without_its_password()
    {
        var open = () => new TemporaryArchive(database: "postgres://reader:secret@127.0.0.1:1/images").Images;
        open.Should()
            .Throw<IOException>()
            .WithMessage("*cannot be used*127.0.0.1:1*")
            .Which.Message.Should()
            .NotContain("secret");
    }
}
