using Fiducial.Archive;
using Fiducial.Server.Commands;
using Microsoft.Extensions.Configuration;

namespace Fiducial.Server.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("backup", "--to", "somewhere")]
    [InlineData("restore")]
    [InlineData("simulate")]
    public async Task What_is_not_built_yet_says_so_and_ends_with_3(params string[] words) =>
        (await CommandLine.RunAsync(words)).Should().Be(3);

    [Theory]
    [InlineData("archive", "--http", "eighty")]
    [InlineData("serve", "--dicom", "70000")]
    [InlineData("serve", "--timezone", "Mars/Olympus")]
    [InlineData("demo", "--listen", "everywhere")]
    [InlineData("demo", "--dta", "x")]
    [InlineData("--wlak")]
    [InlineData("token")]
    [InlineData("send")]
    [InlineData("send", "no-such-file")]
    [InlineData("archive", "--peer", "nobody")]
    [InlineData("archive", "--dicom-tls", "0")]
    [InlineData("archive", "--listen", "0.0.0.0")]
    [InlineData("archive", "token", "add", "viewer", "--scope", "everything")]
    [InlineData("device", "add", "nobody")]
    [InlineData("device", "add", "CT1@127.0.0.1:104", "--role", "king")]
    [InlineData("device", "add", "CT1@127.0.0.1:104", "--certificate", "abc")]
    [InlineData("archive", "--store", "s3://bucket")]
    [InlineData("archive", "--database", "index.db")]
    [InlineData("serve", "--policy", "nobody-first")]
    [InlineData("serve", "--policy", "us-ky+us-tx")]
    [InlineData("serve", "--policy", "uk", "--policy-days", "99")]
    [InlineData("serve", "--policy", "us", "--policy-days", "3")]
    [InlineData("serve", "--policy-folder", "/no/such/folder")]
    [InlineData("policy", "check", "ca-ab+us")]
    [InlineData("user", "add")]
    [InlineData("fly")]
    public async Task What_is_not_understood_ends_with_2_and_opens_nothing(params string[] words) =>
        (await CommandLine.RunAsync(words)).Should().Be(2);

    [Fact]
    public void What_may_come_into_the_archive_is_written_in_the_sites_file()
    {
        var limits = SiteFile.Limits(Written(("StowRs:LargestObject", "4G"), ("Import:MostBytesADay", "500M")));
        limits.StowRs.Should().Be(new ByteLimits(LargestObject: 4L << 30));
        limits.Import.Should().Be(new ByteLimits(MostBytesADay: 500L << 20));
        limits.Associations.Should().Be(new ByteLimits());
        foreach (
            var (key, value, sentence) in new[]
            {
                ("StowRs:LargestObject", "much", "Limits:StowRs:LargestObject is a size such as 500M"),
                ("Stow:LargestObject", "1G", "not 'Stow'"),
                ("StowRs:Largest", "1G", "Limits:StowRs:Largest is not known"),
            }
        )
        {
            var read = () => SiteFile.Limits(Written((key, value)));
            read.Should().Throw<CommandException>().WithMessage($"*{sentence}*");
        }

        static IConfigurationSection Written(params (string Key, string Value)[] lines) =>
            new ConfigurationBuilder()
                .AddInMemoryCollection(lines.ToDictionary(l => $"Fiducial:Limits:{l.Key}", l => (string?)l.Value))
                .Build()
                .GetSection("Fiducial:Limits");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("archive", "--help")]
    public async Task Help_ends_with_0(params string[] words) => (await CommandLine.RunAsync(words)).Should().Be(0);

    [Fact]
    public async Task User_keeps_people_and_their_credentials_in_a_folder_that_holds_a_clinic()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-user-");
        try
        {
            string[] data = ["--data", Path.Combine(folder.FullName, "clinic")];
            Task<int> UserAsync(params string[] words) => CommandLine.RunAsync(["user", .. words, .. data]);
            (await UserAsync("list")).Should().Be(1, "there is no clinic yet");
            DataFolder.Claim(data[1], "clinic");
            await using (
                var app = ClinicApp.Build(
                    new ClinicOptions
                    {
                        Data = data[1],
                        Http = 0,
                        Dicom = 0,
                    }
                )
            )
            {
                await ClinicApp.PrepareAsync(app);
            }
            (await UserAsync("add", "rita", "--role", "REF", "--display", "Dr Rita")).Should().Be(0);
            (await UserAsync("add", "rita", "--role", "REF", "--display", "Dr Rita"))
                .Should()
                .Be(1, "the name is taken");
            (await UserAsync("add", "xena", "--role", "BOSS", "--display", "Xena")).Should().Be(1);
            string[] licence = ["--kind", "licence", "--body", "CPSA", "--jurisdiction", "CA-AB", "--number", "7"];
            (await UserAsync(["credential", "add", "nobody", .. licence])).Should().Be(1);
            (await UserAsync(["credential", "add", "rita", .. licence, "--until", "soon"])).Should().Be(1);
            (await UserAsync(["credential", "add", "rita", .. licence, "--until", "2030-12-31"])).Should().Be(0);
            (await UserAsync("credential", "end", "1", "--reason", "bored")).Should().Be(1);
            (await UserAsync("credential", "end", "1", "--reason", "retired")).Should().Be(0);
            (await UserAsync("credential", "end", "1", "--reason", "retired")).Should().Be(1, "it has ended");
            (await UserAsync("successor", "rita", "--custodian", "rita", "--agreement", "a")).Should().Be(1);
            foreach (var act in (string[])["disable", "enable", "password"])
            {
                (await UserAsync(act, "rita")).Should().Be(0);
                (await UserAsync(act, "nobody")).Should().Be(1);
            }
            (await UserAsync("list")).Should().Be(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_site_signs_packs_of_its_own_and_an_edited_one_opens_no_clinic()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-packs-");
        try
        {
            string In(string name) => Path.Combine(folder.FullName, name);
            var pack = Fiducial.Results.Release.PackShelf.OfTheProgram.Take("doctor-first").Pack;
            var json = System.Text.Json.JsonSerializer.Serialize(
                pack with
                {
                    Name = "ours",
                },
                new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web)
                {
                    Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
                }
            );
            await File.WriteAllTextAsync(In("ours.json"), json);
            (await CommandLine.RunAsync(["policy", "sign", folder.FullName, "--key", In("private.pem")]))
                .Should()
                .Be(0);
            string[] check =
            [
                "policy",
                "check",
                "ours",
                "--policy-folder",
                folder.FullName,
                "--policy-key",
                In("packs.pub.pem"),
            ];
            (await CommandLine.RunAsync(check)).Should().Be(0);
            (await CommandLine.RunAsync(check[..^2])).Should().Be(2, "the program's key did not sign it");
            await File.AppendAllTextAsync(In("ours.json"), " ");
            (await CommandLine.RunAsync(check)).Should().Be(2);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_without_a_clinic_cannot_be_verified()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-");
        try
        {
            (await CommandLine.RunAsync(["verify", "--data", folder.FullName])).Should().Be(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_archive_s_folder_cannot_be_opened_as_a_clinic()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "fiducial-folder"), "archive");
            (await CommandLine.RunAsync(["serve", "--data", folder.FullName])).Should().Be(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Sending_to_a_closed_port_fails_with_1()
    {
        var file = Path.GetTempFileName();
        try
        {
            (await CommandLine.RunAsync(["send", "--to", "NOBODY@127.0.0.1:9", file])).Should().Be(1);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
