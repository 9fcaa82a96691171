using System.Globalization;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.PrivacyOffice.Audit;

namespace Fiducial.Server.Commands;

/// <summary>What a site writes into its <c>fiducial.json</c> and no command line names, each with the sentence for what is written wrongly.</summary>
internal static class SiteFile
{
    // { "Retention": { "Years": 10, "MajorityAge": 18, "YearsAfterMajority": 10, "Modalities": { "MG": 20 } } }
    public static RetentionRules Retention(IConfigurationSection rules)
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

    // { "Limits": { "StowRs": { "LargestObject": "4G", "MostBytesADay": "500G" }, "Import": …, "Associations": … } }
    public static ArrivalLimits Limits(IConfigurationSection limits)
    {
        if (limits.GetChildren().FirstOrDefault(w => typeof(ArrivalLimits).GetProperty(w.Key) is null) is { } unknown)
        {
            throw new CommandException(
                2,
                $"fiducial.json: Limits knows Associations, StowRs and Import, not '{unknown.Key}'."
            );
        }
        return new ArrivalLimits
        {
            Associations = Bytes(limits.GetSection(nameof(ArrivalLimits.Associations))),
            StowRs = Bytes(limits.GetSection(nameof(ArrivalLimits.StowRs))),
            Import = Bytes(limits.GetSection(nameof(ArrivalLimits.Import))),
        };
    }

    private static ByteLimits Bytes(IConfigurationSection way) =>
        way.GetChildren()
            .FirstOrDefault(l => l.Key is not (nameof(ByteLimits.MostBytesADay) or nameof(ByteLimits.LargestObject)))
            is { } unknown
            ? throw new CommandException(
                2,
                $"fiducial.json: {unknown.Path["Fiducial:".Length..]} is not known: write MostBytesADay or LargestObject."
            )
            : new ByteLimits(
                SizeOf(way, nameof(ByteLimits.MostBytesADay)),
                SizeOf(way, nameof(ByteLimits.LargestObject))
            );

    private static long SizeOf(IConfigurationSection section, string key) =>
        section[key] is { } text ? Size(text, $"fiducial.json: {section.Path["Fiducial:".Length..]}:{key}") : 0;

    // 500M is 500 times 1024 times 1024 bytes.
    public static long Size(string text, string name)
    {
        const string units = "KMGT";
        var unit = text.Length > 0 ? units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1 : 0;
        return
            long.TryParse(unit > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= (long.MaxValue >> (10 * unit))
            ? number << (10 * unit)
            : throw new CommandException(2, $"{name} is a size such as 500M, 20G or 0, not '{text}'.");
    }

    // { "SessionMinutes": { "TECH": 3, "RAD": 45 } }
    public static Dictionary<string, double> Minutes(IConfigurationSection minutes) =>
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

    public static string KnownPlace(string? place) =>
        string.IsNullOrEmpty(place) ? Pathway.Proxies.AgeBand.Alberta
        : Pathway.Proxies.AgeBand.All.Any(b => b.Place == place) ? place
        : throw new CommandException(
            2,
            $"fiducial.json: Place is '{place}': there are age bands for {string.Join(", ", Pathway.Proxies.AgeBand.All.Select(b => b.Place))}."
        );

    public static bool? YesOrNo(IConfiguration file, string key) =>
        file[$"Fiducial:{key}"] is not { Length: > 0 } text ? null
        : bool.TryParse(text, out var yes) ? yes
        : throw new CommandException(2, $"fiducial.json: {key} is '{text}': write true or false.");

    public static string[] Listed(IConfiguration file, string key) =>
        [.. file.GetSection($"Fiducial:{key}").GetChildren().Select(c => c.Value ?? "")];

    // { "AETitle": "CT1", "Host": "10.0.0.5", "Port": 104, "Role": "modality", "CertificateThumbprint": "…", "MostBytesADay": "200G" }
    public static IEnumerable<Device> Registered(IConfigurationSection devices)
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
                device["CertificateThumbprint"],
                MostBytesADay: SizeOf(device, nameof(Device.MostBytesADay)),
                LargestObject: SizeOf(device, nameof(Device.LargestObject))
            );
        }
    }

    public static IEnumerable<string> Origins(IConfigurationSection origins) =>
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
    public static AuditRepository? Repository(IConfigurationSection syslog)
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

    public static int Port(string? text, int otherwise, string name) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
        : throw new CommandException(2, $"{name} wants a port from 0 to 65535, not '{text}'.");
}
