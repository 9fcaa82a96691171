using System.CommandLine;
using System.Security.Cryptography;
using Fiducial.Foundation.Storage;
using Fiducial.Results.Release;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial policy check</c> and <c>fiducial policy sign</c>: release packs, before a site uses them.</summary>
internal static class ReleasePolicies
{
    public static Command Command()
    {
        var command = new Command("policy", "Checks and signs release policies");
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Sign());
        return command;
    }

    private static Command Check()
    {
        var name = new Argument<string>("NAME") { Description = "Packs joined with +, such as us+us-ky+us-mqsa" };
        var folder = new Option<string?>("--policy-folder") { HelpName = "DIR", Description = "The site's own packs" };
        var key = new Option<string?>("--policy-key") { HelpName = "FILE", Description = "Their public key (PEM)" };
        var command = new Command("check", "Loads a policy: signatures, contradictions, what it says")
        {
            name,
            folder,
            key,
        };
        command.SetAction(parsed =>
        {
            var policy = Load(parsed.GetRequiredValue(name), 0, parsed.GetValue(folder), parsed.GetValue(key));
            Console.WriteLine($"{policy.Version}  (SHA-256 {policy.Hash})");
            Console.WriteLine($"  {policy.Pack.Title}");
            foreach (var choice in policy.Pack.Elections)
            {
                Console.WriteLine($"  choice: {choice.Words}");
            }
            foreach (var rule in policy.Pack.MandatoryReleases)
            {
                Console.WriteLine($"  opens by law: {rule.Id}, day {rule.Days} ({rule.Law})");
            }
            foreach (var rule in policy.Pack.MandatoryHolds)
            {
                Console.WriteLine($"  shut by law: {rule.Id}, {rule.Hours} hours ({rule.Law}). Tells: {rule.Tell}");
            }
            foreach (var rule in policy.Pack.Notices)
            {
                Console.WriteLine($"  notice: {rule.Id}{(rule.Tell.Length > 0 ? $". Tells: {rule.Tell}" : "")}");
            }
            return 0;
        });
        return command;
    }

    private static Command Sign()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the packs (*.json)" };
        var key = new Option<string>("--key")
        {
            HelpName = "FILE",
            Description = "The private key (PEM); made when it does not exist. It never belongs into a repository",
            Required = true,
        };
        var command = new Command("sign", "Signs every pack of a folder, and writes the public key beside them")
        {
            folder,
            key,
        };
        command.SetAction(parsed =>
        {
            var (directory, path) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(key));
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (File.Exists(path))
            {
                pair.ImportFromPem(File.ReadAllText(path));
            }
            else
            {
                PrivateFile.Write(path, pair.ExportPkcs8PrivateKeyPem());
            }
            File.WriteAllText(Path.Combine(directory, "packs.pub.pem"), pair.ExportSubjectPublicKeyInfoPem() + "\n");
            var signed = 0;
            foreach (var pack in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal))
            {
                File.WriteAllText($"{pack}.sig", PackShelf.Sign(File.ReadAllBytes(pack), pair) + "\n");
                signed++;
            }
            Console.WriteLine($"{signed} packs signed.");
            return 0;
        });
        return command;
    }

    /// <exception cref="CommandException">The policy cannot be used; the sentence says which pack and why.</exception>
    internal static ReleasePolicy Load(string names, int siteDays, string? folder, string? key)
    {
        try
        {
            var shelf = folder is { Length: > 0 }
                ? PackShelf.In(folder, key is { Length: > 0 } ? File.ReadAllText(key) : null)
                : PackShelf.OfTheProgram;
            return ReleasePolicy.Load(shelf, names, siteDays);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(2, $"--policy: {e.Message}");
        }
    }
}
