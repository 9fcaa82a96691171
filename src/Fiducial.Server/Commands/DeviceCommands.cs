using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial device</c>: the devices of a clinic or archive, while it is open or closed; a change counts from the next association on.</summary>
internal static class DeviceCommands
{
    private static readonly Argument<string> Title = new("AETITLE");
    private static readonly Argument<string> Place = new("AETITLE@HOST:PORT")
    {
        Description = "From where it calls and where it listens; port 0 when it does not listen",
    };
    private static readonly Option<string?> Role = new("--role")
    {
        HelpName = "ROLE",
        Description = "modality, workstation or peer-archive [default: modality]",
    };
    private static readonly Option<string?> Certificate = new("--certificate")
    {
        HelpName = "FILE",
        Description =
            "Its certificate (PEM) or the SHA-256 of that: then it is known over TLS alone; none takes it away",
    };
    private static readonly Option<int?> MostAssociations = new("--most-associations")
    {
        HelpName = "NUMBER",
        Description = "How many it may have open at once; 0 for as many as the server allows [default: 0]",
    };

    private static readonly Option<string?> MostBytesADay = new("--most-bytes-a-day")
    {
        HelpName = "SIZE",
        Description =
            "How much it may send within 24 hours, such as 200G; 0 for as much as there is room for [default: 0]",
    };
    private static readonly Option<string?> LargestObject = new("--largest-object")
    {
        HelpName = "SIZE",
        Description = "The largest object that it may send, such as 2G; 0 for any [default: 0]",
    };

    public static Command Command()
    {
        var list = new Command("list", "Devices of the register, then those of fiducial.json");
        var add = new Command("add", "Registers a device")
        {
            Place,
            Role,
            Certificate,
            MostAssociations,
            MostBytesADay,
            LargestObject,
        };
        var change = new Command("change", "Changes a device; what is not named stays as it is")
        {
            Place,
            Role,
            Certificate,
            MostAssociations,
            MostBytesADay,
            LargestObject,
        };
        var remove = new Command("remove", "Takes a device out of the register") { Title };
        var log = new Command("log", "Who changed devices and tokens, what and when");
        foreach (var command in new[] { list, add, change, remove, log })
        {
            HouseOptions.AddDatabaseTo(command);
        }
        list.SetAction(p => List(HouseOptions.Read(p)));
        add.SetAction(Add);
        change.SetAction(Change);
        remove.SetAction(p => Remove(HouseOptions.Read(p), p.GetRequiredValue(Title)));
        log.SetAction(p => Log(HouseOptions.Read(p)));
        return new Command("device", "The devices that may call: list, add, change, remove, log")
        {
            list,
            add,
            change,
            remove,
            log,
        };
    }

    private static int List(ClinicOptions options)
    {
        using var register = RegisterOfArchive.Open(options);
        var registered = register.Devices.List();
        foreach (var device in registered)
        {
            Print(device, "");
        }
        foreach (var device in options.Devices.Where(d => !registered.Any(r => r.AETitle == d.AETitle)))
        {
            Print(device, "\tfiducial.json");
        }
        return 0;
    }

    private static int Add(ParseResult parsed)
    {
        var device = Read(parsed, at => at);
        using var register = RegisterOfArchive.Open(HouseOptions.Read(parsed));
        return register.Devices.Add(device, RegisterOfArchive.Author)
            ? 0
            : throw new CommandException(1, $"{device.AETitle} is registered: fiducial device change changes it.");
    }

    private static int Change(ParseResult parsed)
    {
        using var register = RegisterOfArchive.Open(HouseOptions.Read(parsed));
        var device = Read(
            parsed,
            at =>
                (register.Devices.Find(at.AETitle) ?? throw NotThere(at.AETitle)) with
                {
                    Host = at.Host,
                    Port = at.Port,
                }
        );
        return register.Devices.Change(device, RegisterOfArchive.Author) ? 0 : throw NotThere(device.AETitle);
    }

    private static int Remove(ClinicOptions options, string title)
    {
        using var register = RegisterOfArchive.Open(options);
        return register.Devices.Remove(title, RegisterOfArchive.Author) ? 0
            : options.Devices.Any(d => d.AETitle == title)
                ? throw new CommandException(1, $"{title} stands in fiducial.json: take it out there.")
            : throw NotThere(title);
    }

    private static int Log(ClinicOptions options)
    {
        using var register = RegisterOfArchive.Open(options);
        foreach (var change in register.Changes)
        {
            Console.WriteLine($"{change.At.UtcDateTime:u}\t{change.Author}\t{change.What}");
        }
        return 0;
    }

    private static Device Read(ParseResult parsed, Func<Device, Device> asRegistered)
    {
        Device device;
        try
        {
            device = asRegistered(Device.Parse(parsed.GetRequiredValue(Place), DeviceRole.Modality));
        }
        catch (FormatException e)
        {
            throw new CommandException(2, e.Message);
        }
        if (parsed.GetValue(Role) is { } role)
        {
            device = device with
            {
                Role =
                    Device.RoleOf(role)
                    ?? throw new CommandException(2, $"--role is modality, workstation or peer-archive, not '{role}'."),
            };
        }
        if (parsed.GetValue(Certificate) is { } certificate)
        {
            device = device with { CertificateThumbprint = certificate is "none" ? null : ThumbprintOf(certificate) };
        }
        if (parsed.GetValue(MostAssociations) is { } most)
        {
            device = device with
            {
                MostAssociations = most is >= 0 and <= 1000
                    ? most
                    : throw new CommandException(2, "--most-associations is from 0 to 1000."),
            };
        }
        return device with
        {
            MostBytesADay = Size(parsed, MostBytesADay) ?? device.MostBytesADay,
            LargestObject = Size(parsed, LargestObject) ?? device.LargestObject,
        };
    }

    private static long? Size(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text ? SiteFile.Size(text, option.Name) : null;

    private static string ThumbprintOf(string certificate)
    {
        if (File.Exists(certificate))
        {
            try
            {
                using var read = X509Certificate2.CreateFromPem(File.ReadAllText(certificate));
                return TlsIdentity.ThumbprintOf(read);
            }
            catch (CryptographicException e)
            {
                throw new CommandException(2, $"{certificate} holds no certificate: {e.Message}");
            }
        }
        var thumbprint = TlsIdentity.NormalThumbprint(certificate);
        return thumbprint.Length == 2 * SHA256.HashSizeInBytes
            ? thumbprint
            : throw new CommandException(
                2,
                $"--certificate: '{certificate}' is no file, and no SHA-256 thumbprint of 64 hexadecimal digits."
            );
    }

    private static void Print(Device d, string from) =>
        Console.WriteLine(
            $"{d.AETitle}\t{d.Host}:{d.Port}\t{d.Role}\t{(d.CertificateThumbprint is { } c ? $"certificate {c}" : "by address")}\t{(d.MostAssociations > 0 ? $"at most {d.MostAssociations} associations" : "")}{(d.MostBytesADay > 0 ? $"\tat most {d.MostBytesADay} bytes a day" : "")}{(d.LargestObject > 0 ? $"\tobjects of at most {d.LargestObject} bytes" : "")}{from}"
        );

    private static CommandException NotThere(string title) =>
        new(1, $"{title} is not in the register: fiducial device list shows what is.");
}
