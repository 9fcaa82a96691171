using System.CommandLine;
using System.Globalization;
using System.Net;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Foundation.Calendar;
using Fiducial.PrivacyOffice.Audit;

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
            Http = Port(Value(Http, nameof(Http)), 5080, Http.Name),
            Dicom = Port(Value(Dicom, nameof(Dicom)), 11112, Dicom.Name),
            DicomTls = Value(DicomTls, nameof(DicomTls)) is { } tls ? Port(tls, 0, DicomTls.Name) : null,
            Certificate = file["Fiducial:Certificate"] ?? "",
            Devices = [.. Peers(parsed.GetValue(Peer) ?? []), .. Registered(file.GetSection("Fiducial:Devices"))],
            CorsOrigins = [.. Origins(file.GetSection("Fiducial:CorsOrigins"))],
            Database = Value(Database, nameof(Database)) ?? "",
            Store = Storage(Value(Store, nameof(Store)) ?? "", file.GetSection("Fiducial:S3")),
            Secrets = Value(Secrets, nameof(Secrets)) is { Length: > 0 } secrets ? Path.GetFullPath(secrets) : "",
            Listen = IPAddress.TryParse(Value(Listen, nameof(Listen)) ?? "127.0.0.1", out var address)
                ? address
                : throw new CommandException(2, "--listen wants an IP address, such as 127.0.0.1."),
            BehindProxies =
            [
                .. Proxies(parsed.GetValue(BehindProxy) is { Length: > 0 } given ? given : Listed(file, "BehindProxy")),
            ],
            TimeZone = Zone(Value(TimeZone, nameof(TimeZone)) ?? "America/Edmonton"),
            Holidays = HolidayPath(Value(Holidays, nameof(Holidays)) ?? ""),
            Policy = ReleasePolicies.Load(
                Value(Policy, nameof(Policy)) ?? "doctor-first",
                Days(Value(PolicyDays, nameof(PolicyDays))),
                Value(PolicyFolder, nameof(PolicyFolder)),
                file["Fiducial:PolicyKey"]
            ),
            Place = KnownPlace(file[$"Fiducial:{nameof(ClinicOptions.Place)}"]),
            AuditRepository = Repository(file.GetSection("Fiducial:Audit:Syslog")),
            Retention = Retention(file.GetSection("Fiducial:Retention")),
            RequireSecondFactor = YesOrNo(file, nameof(ClinicOptions.RequireSecondFactor)),
            SessionMinutes = Minutes(file.GetSection("Fiducial:SessionMinutes")),
            PasskeyDomain = file[$"Fiducial:{nameof(ClinicOptions.PasskeyDomain)}"] ?? "",
            Provider = People.ClinicProvider.Read(file.GetSection("Fiducial:Oidc")),
            IsDemonstration = isDemonstration,
        };
    }

    // { "Retention": { "Years": 10, "MajorityAge": 18, "YearsAfterMajority": 10, "Modalities": { "MG": 20 } } }
    private static RetentionRules Retention(IConfigurationSection rules)
    {
        int Number(IConfigurationSection section, int otherwise, int most) =>
            section.Value is null ? otherwise
            : int.TryParse(section.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= 1
            && value <= most
                ? value
            : throw new CommandException(
                2,
                $"fiducial.json: {section.Path["Fiducial:".Length..]} is '{section.Value}': write years from 1 to {most}."
            );
        var site = new RetentionRules();
        if (rules.GetChildren().FirstOrDefault(r => typeof(RetentionRules).GetProperty(r.Key) is null) is { } unknown)
        {
            throw new CommandException(
                2,
                $"fiducial.json: Retention knows Years, MajorityAge, YearsAfterMajority and Modalities, not '{unknown.Key}'."
            );
        }
        var modalities = rules.GetSection(nameof(RetentionRules.Modalities));
        return new RetentionRules
        {
            Years = Number(rules.GetSection(nameof(site.Years)), site.Years, 1000),
            MajorityAge = Number(rules.GetSection(nameof(site.MajorityAge)), site.MajorityAge, 30),
            YearsAfterMajority = Number(
                rules.GetSection(nameof(site.YearsAfterMajority)),
                site.YearsAfterMajority,
                1000
            ),
            Modalities = modalities.Exists()
                ? modalities
                    .GetChildren()
                    .ToDictionary(m => m.Key.ToUpperInvariant(), m => Number(m, 1, 1000), StringComparer.Ordinal)
                : site.Modalities,
        };
    }

    // { "SessionMinutes": { "TECH": 3, "RAD": 45 } }
    private static Dictionary<string, double> Minutes(IConfigurationSection minutes) =>
        minutes
            .GetChildren()
            .ToDictionary(
                m =>
                    Enum.TryParse<Pathway.Law.Role>(m.Key, out _)
                        ? m.Key
                        : throw new CommandException(
                            2,
                            $"fiducial.json: SessionMinutes names '{m.Key}': write a role, such as TECH or RAD."
                        ),
                m =>
                    double.TryParse(m.Value, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 720
                        ? value
                        : throw new CommandException(
                            2,
                            $"fiducial.json: SessionMinutes of {m.Key} is '{m.Value}': write minutes from 1 to 720."
                        ),
                StringComparer.Ordinal
            );

    private static string KnownPlace(string? place) =>
        string.IsNullOrEmpty(place) ? Pathway.Proxies.AgeBand.Alberta
        : Pathway.Proxies.AgeBand.All.Any(b => b.Place == place) ? place
        : throw new CommandException(
            2,
            $"fiducial.json: Place is '{place}': there are age bands for {string.Join(", ", Pathway.Proxies.AgeBand.All.Select(b => b.Place))}."
        );

    private static bool? YesOrNo(IConfiguration file, string key) =>
        file[$"Fiducial:{key}"] is not { Length: > 0 } text ? null
        : bool.TryParse(text, out var yes) ? yes
        : throw new CommandException(2, $"fiducial.json: {key} is '{text}': write true or false.");

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

    private static string[] Listed(IConfiguration file, string key) =>
        [.. file.GetSection($"Fiducial:{key}").GetChildren().Select(c => c.Value ?? "")];

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

    // { "AETitle": "CT1", "Host": "10.0.0.5", "Port": 104, "Role": "modality", "CertificateThumbprint": "…" }
    private static IEnumerable<Device> Registered(IConfigurationSection devices)
    {
        foreach (var device in devices.GetChildren())
        {
            var title = device["AETitle"] ?? "";
            if (title.Length is 0 or > 16)
            {
                throw new CommandException(2, "fiducial.json: a device needs an AETitle of at most 16 characters.");
            }
            if (Device.RoleOf(device["Role"]) is not { } known)
            {
                throw new CommandException(
                    2,
                    $"fiducial.json: the role of {title} is '{device["Role"]}': write modality, workstation or peer archive."
                );
            }
            yield return new Device(
                title,
                device["Host"]
                    ?? throw new CommandException(
                        2,
                        $"fiducial.json: the device {title} needs a Host, from which it calls."
                    ),
                Port(device["Port"], 0, $"fiducial.json: the Port of {title}"),
                known,
                device["CertificateThumbprint"]
            );
        }
    }

    private static IEnumerable<string> Origins(IConfigurationSection origins) =>
        origins
            .GetChildren()
            .Select(o => o.Value ?? "")
            .Select(o =>
                Uri.TryCreate(o, UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                && uri.GetLeftPart(UriPartial.Authority).Equals(o, StringComparison.OrdinalIgnoreCase)
                    ? o
                    : throw new CommandException(
                        2,
                        $"fiducial.json: '{o}' in CorsOrigins is no origin: write https://viewer.example, without a path."
                    )
            );

    // "Audit": { "Syslog": { "Host": "audit.example.org", "Port": 6514, "Protocol": "tls", "Authority": "ca.pem" } }
    private static AuditRepository? Repository(IConfigurationSection syslog)
    {
        if (!syslog.Exists())
        {
            return null;
        }
        var tls = syslog["Protocol"] switch
        {
            "udp" => false,
            "tls" or null => true,
            var other => throw new CommandException(
                2,
                $"fiducial.json: Audit:Syslog:Protocol is '{other}': write udp or tls."
            ),
        };
        var authority = syslog["Authority"] ?? "";
        if (authority.Length > 0 && !File.Exists(authority))
        {
            throw new CommandException(2, $"fiducial.json: Audit:Syslog:Authority: there is no file '{authority}'.");
        }
        return new AuditRepository(
            syslog["Host"] ?? throw new CommandException(2, "fiducial.json: Audit:Syslog needs a Host."),
            Port(syslog["Port"], tls ? 6514 : 514, "fiducial.json: Audit:Syslog:Port"),
            tls,
            authority
        );
    }

    private static int Port(string? text, int otherwise, string name) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
        : throw new CommandException(2, $"{name} wants a port from 0 to 65535, not '{text}'.");

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
