using System.CommandLine;
using System.Globalization;
using System.Net;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Foundation.Calendar;

namespace Fiducial.Server.Commands;

/// <summary>
/// The options of serve, demo and archive: on the command line, else in the environment (<c>FIDUCIAL__DATA</c>), else in
/// <c>fiducial.json</c> of the current folder, else the default.
/// </summary>
internal static class HouseOptions
{
    public static Option<string?> Data { get; } =
        new("--data") { HelpName = "DIR", Description = "The folder of this clinic or archive [default: ./data]" };

    private static readonly Option<string?> Http = new("--http")
    {
        HelpName = "PORT",
        Description = "Web pages and DICOMweb [default: 5080]",
    };
    private static readonly Option<string?> Dicom = new("--dicom")
    {
        HelpName = "PORT",
        Description = "DICOM, AE title FIDUCIAL [default: 11112]",
    };
    private static readonly Option<string?> DicomTls = new("--dicom-tls")
    {
        HelpName = "PORT",
        Description = "DICOM over TLS, with Certificate in fiducial.json [default: none]",
    };
    private static readonly Option<string[]> Peer = new("--peer")
    {
        HelpName = "AE@HOST:PORT",
        Description = "Another archive to which images may be moved; may be given several times",
    };
    private static readonly Option<string?> Database = new("--database")
    {
        HelpName = "URL",
        Description = "A SQLite file or postgres://user:password@host/name [default: SQLite in the data folder]",
    };
    public static Option<string?> Store { get; } =
        new("--store")
        {
            HelpName = "URL",
            Description =
                "Images in object storage, s3://bucket[/prefix]; its Endpoint, AccessKey and SecretKey under S3 in fiducial.json [default: files in the data folder]",
        };

    private static readonly Option<string?> Secrets = new("--secrets")
    {
        HelpName = "DIR",
        Description =
            "Keys of sessions and seals, which all servers of one clinic share; the database must not lie with them [default: the data folder]",
    };
    private static readonly Option<string?> Listen = new("--listen")
    {
        HelpName = "ADDRESS",
        Description =
            "The address on which it listens [default: 127.0.0.1]; beyond this machine by HTTPS, with Certificate in fiducial.json",
    };
    private static readonly Option<string[]> BehindProxy = new("--behind-proxy")
    {
        HelpName = "ADDRESS",
        Description =
            "The reverse proxy that speaks HTTPS for this house and forwards to it in plain, with X-Forwarded-Proto and X-Forwarded-For; may be given several times",
    };
    private static readonly Option<string?> TimeZone = new("--timezone")
    {
        HelpName = "NAME",
        Description = "The site's time zone [default: America/Edmonton]",
    };

    private static readonly Option<string?> Holidays = new("--holidays")
    {
        HelpName = "FILE",
        Description =
            "iCalendar file of the days on which the site is closed [default: Alberta's, in America/Edmonton]",
    };

    private static readonly Option<string?> Policy = new("--policy")
    {
        HelpName = "NAME",
        Description =
            "How results are released: doctor-first, ca-ab, uk, us, and overlays as in us+us-ky+us-mqsa [default: doctor-first]",
    };
    private static readonly Option<string?> PolicyDays = new("--policy-days")
    {
        HelpName = "DAYS",
        Description = "Days to the automatic release, where the policy lets a site choose",
    };
    private static readonly Option<string?> PolicyFolder = new("--policy-folder")
    {
        HelpName = "DIR",
        Description = "The site's own signed packs, with PolicyKey in fiducial.json [default: those of the program]",
    };

    /// <summary>For commands that work on the archive's database, whether the house is open or not.</summary>
    public static void AddDatabaseTo(Command command)
    {
        command.Options.Add(Data);
        command.Options.Add(Database);
    }

    public static void AddTo(Command command)
    {
        foreach (
            var option in new Option[]
            {
                Data,
                Http,
                Dicom,
                DicomTls,
                Peer,
                Database,
                Store,
                Secrets,
                Listen,
                BehindProxy,
                TimeZone,
                Holidays,
                Policy,
                PolicyDays,
                PolicyFolder,
            }
        )
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandException">A value is not of its option's form.</exception>
    public static ClinicOptions Read(ParseResult parsed, bool isDemonstration = false)
    {
        var file = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("fiducial.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string? Value(Option<string?> option, string key) => parsed.GetValue(option) ?? file[$"Fiducial:{key}"];
        return new ClinicOptions
        {
            Data = Path.GetFullPath(Value(Data, nameof(Data)) ?? "data"),
            Http = SiteFile.Port(Value(Http, nameof(Http)), 5080, Http.Name),
            Dicom = SiteFile.Port(Value(Dicom, nameof(Dicom)), 11112, Dicom.Name),
            DicomTls = Value(DicomTls, nameof(DicomTls)) is { } tls ? SiteFile.Port(tls, 0, DicomTls.Name) : null,
            Certificate = file["Fiducial:Certificate"] ?? "",
            Devices =
            [
                .. Peers(parsed.GetValue(Peer) ?? []),
                .. SiteFile.Registered(file.GetSection("Fiducial:Devices")),
            ],
            CorsOrigins = [.. SiteFile.Origins(file.GetSection("Fiducial:CorsOrigins"))],
            Database = Value(Database, nameof(Database)) ?? "",
            Store = Storage(Value(Store, nameof(Store)) ?? "", file.GetSection("Fiducial:S3")),
            Secrets = Value(Secrets, nameof(Secrets)) is { Length: > 0 } secrets ? Path.GetFullPath(secrets) : "",
            Listen = IPAddress.TryParse(Value(Listen, nameof(Listen)) ?? "127.0.0.1", out var address)
                ? address
                : throw new CommandException(2, "--listen wants an IP address, such as 127.0.0.1."),
            BehindProxies =
            [
                .. Proxies(
                    parsed.GetValue(BehindProxy) is { Length: > 0 } given ? given : SiteFile.Listed(file, "BehindProxy")
                ),
            ],
            TimeZone = Zone(Value(TimeZone, nameof(TimeZone)) ?? "America/Edmonton"),
            Holidays = HolidayPath(Value(Holidays, nameof(Holidays)) ?? ""),
            Policy = ReleasePolicies.Load(
                Value(Policy, nameof(Policy)) ?? "doctor-first",
                Days(Value(PolicyDays, nameof(PolicyDays))),
                Value(PolicyFolder, nameof(PolicyFolder)),
                file["Fiducial:PolicyKey"]
            ),
            Place = SiteFile.KnownPlace(file[$"Fiducial:{nameof(ClinicOptions.Place)}"]),
            AuditRepository = SiteFile.Repository(file.GetSection("Fiducial:Audit:Syslog")),
            Limits = SiteFile.Limits(file.GetSection("Fiducial:Limits")),
            Retention = SiteFile.Retention(file.GetSection("Fiducial:Retention")),
            RequireSecondFactor = SiteFile.YesOrNo(file, nameof(ClinicOptions.RequireSecondFactor)),
            SessionMinutes = SiteFile.Minutes(file.GetSection("Fiducial:SessionMinutes")),
            PasskeyDomain = file[$"Fiducial:{nameof(ClinicOptions.PasskeyDomain)}"] ?? "",
            Provider = People.ClinicProvider.Read(file.GetSection("Fiducial:Oidc")),
            IsDemonstration = isDemonstration,
        };
    }

    // Keys never stand on the command line: everyone on a machine can read that.
    private static ObjectStorage? Storage(string url, IConfigurationSection s3)
    {
        string Setting(string key) =>
            s3[key] is { Length: > 0 } value
                ? value
                : throw new CommandException(
                    2,
                    $"--store needs the {key} of the object storage: write {{ \"Fiducial\": {{ \"S3\": {{ \"{key}\": … }} }} }} into fiducial.json, or set FIDUCIAL__S3__{key.ToUpperInvariant()}."
                );
        if (url.Length == 0)
        {
            return null;
        }
        try
        {
            return new ObjectStorage(url, Setting("Endpoint"), Setting("AccessKey"), Setting("SecretKey"));
        }
        catch (FormatException e)
        {
            throw new CommandException(2, $"{Store.Name}: {e.Message}");
        }
    }

    private static IEnumerable<IPAddress> Proxies(string[] texts) =>
        texts.Select(t =>
            IPAddress.TryParse(t, out var address)
                ? address
                : throw new CommandException(2, $"{BehindProxy.Name} wants the proxy's IP address, such as 10.0.0.2.")
        );

    private static IEnumerable<Device> Peers(string[] texts)
    {
        foreach (var text in texts)
        {
            Device peer;
            try
            {
                peer = Device.Parse(text, DeviceRole.PeerArchive);
            }
            catch (FormatException e)
            {
                throw new CommandException(2, $"{Peer.Name}: {e.Message}");
            }
            yield return peer;
        }
    }

    private static int Days(string? text) =>
        text is null ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 1000
            ? days
        : throw new CommandException(2, $"--policy-days wants a number of days, not '{text}'.");

    private static string HolidayPath(string path)
    {
        if (path.Length == 0)
        {
            return "";
        }
        try
        {
            HolidayFile.Read(File.ReadAllText(path));
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandException(2, $"--holidays: {e.Message}");
        }
    }

    private static string Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
            ? name
            : throw new CommandException(
                2,
                $"--timezone: there is no time zone '{name}'; write it as America/Edmonton."
            );
}
