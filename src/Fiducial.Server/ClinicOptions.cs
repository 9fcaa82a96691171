using System.Net;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.PrivacyOffice.Audit;
using Fiducial.Results.Release;

namespace Fiducial.Server;

/// <summary>The options of the command line, which are also the keys <c>Fiducial:Data</c> … of configuration.</summary>
public sealed record ClinicOptions
{
    public required string Data { get; init; }
    public int Http { get; init; } = 5080;
    public int Dicom { get; init; } = 11112;

    /// <summary>The port for DICOM over TLS; null listens on none.</summary>
    public int? DicomTls { get; init; }

    /// <summary>A PEM file with our certificate and its private key, for DICOM over TLS and for HTTPS beyond this machine.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The reverse proxies that speak HTTPS for this house, which then speaks plain to them and to nobody else.</summary>
    public IReadOnlyList<IPAddress> BehindProxies { get; init; } = [];

    /// <summary>A plain archive asks for a token also on this machine; beyond it, and behind a proxy, it always does.</summary>
    public bool AsksForTokens { get; init; }

    /// <summary>Those that may call, and to which something is sent.</summary>
    public IReadOnlyList<Device> Devices { get; init; } = [];

    /// <summary>Origins, such as <c>https://viewer.example</c>, whose pages may call DICOMweb from a browser; none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Empty: SQLite in the data folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>
    /// The folder of what the database must not hold and every server of the clinic must: keys of sessions, key and list of seals. Empty:
    /// the data folder.
    /// </summary>
    public string Secrets { get; init; } = "";

    public string SecretsFolder => Secrets.Length > 0 ? Secrets : Data;

    /// <summary>Where the images are; null: files in the data folder.</summary>
    public ObjectStorage? Store { get; init; }
    public IPAddress Listen { get; init; } = IPAddress.Loopback;
    public string TimeZone { get; init; } = "America/Edmonton";

    /// <summary>An iCalendar file (RFC 5545) of the days on which the site is closed. Empty: Alberta's, in Alberta's time zone.</summary>
    public string Holidays { get; init; } = "";

    public string HolidayText() =>
        Holidays.Length > 0 ? File.ReadAllText(Holidays)
        : TimeZone is "America/Edmonton" ? Fiducial.Foundation.Calendar.HolidayFile.Alberta
        : "";

    /// <summary>ISO 3166 country and part of it, such as CA-AB: whose ages of majority and of mature minors hold here.</summary>
    public string Place { get; init; } = Fiducial.Pathway.Proxies.AgeBand.Alberta;

    /// <summary>How much may come into the archive by which way.</summary>
    public Fiducial.Archive.ArrivalLimits Limits { get; init; } = new();

    /// <summary>How long this site keeps images.</summary>
    public RetentionRules Retention { get; init; } = new();

    /// <summary>How this site releases results.</summary>
    public ReleasePolicy Policy { get; init; } = ReleasePolicy.DoctorFirst;

    /// <summary>A syslog server to which the audit is sent too; null for none.</summary>
    public AuditRepository? AuditRepository { get; init; }

    /// <summary>A demonstration lists its people at sign-in and takes any calling AE from this machine as a modality.</summary>
    public bool IsDemonstration { get; init; }

    /// <summary>Whether those who sign or release must have shown a second factor; null: outside a demonstration.</summary>
    public bool? RequireSecondFactor { get; init; }

    public bool NeedsSecondFactor => RequireSecondFactor ?? !IsDemonstration;

    /// <summary>Minutes without a sign of life after which a session ends, by role, where this site has its own.</summary>
    public IReadOnlyDictionary<string, double> SessionMinutes { get; init; } = new Dictionary<string, double>();

    public People.SessionLimits SessionLimits => new(SessionMinutes, IsDemonstration);

    /// <summary>The domain to which passkeys belong (WebAuthn's relying party); empty: the host of the address in the browser.</summary>
    public string PasskeyDomain { get; init; } = "";

    /// <summary>The clinic's own OpenID Connect provider; null: one signs in here alone.</summary>
    public People.ClinicProvider? Provider { get; init; }

    /// <summary>The clock of the whole house; tests turn it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the archive's index is: in the clinic's database when that is PostgreSQL, else (empty) in the data folder.</summary>
    public string ArchiveDatabase => Fiducial.Foundation.Storage.ClinicDatabase.IsPostgres(Database) ? Database : "";

    public string DatabaseOrFile => Database.Length > 0 ? Database : Path.Combine(Data, "clinic.db");
}
