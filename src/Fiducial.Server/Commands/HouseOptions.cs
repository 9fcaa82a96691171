using System.CommandLine;
using System.Globalization;
using System.Net;
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
    private static readonly Option<string?> Database = new("--database")
    {
        HelpName = "URL",
        Description = "A SQLite file or postgres://user:password@host/name [default: SQLite in the data folder]",
    };
    private static readonly Option<string?> Store = new("--store")
    {
        HelpName = "URL",
        Description = "Object storage (not built yet) [default: files in the data folder]",
    };
    private static readonly Option<string?> Listen = new("--listen")
    {
        HelpName = "ADDRESS",
        Description = "The address on which it listens [default: 127.0.0.1]",
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

    public static void AddTo(Command command)
    {
        foreach (var option in new[] { Data, Http, Dicom, Database, Store, Listen, TimeZone, Holidays })
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandException">A value is not of its option's form, or asks for what is not built yet.</exception>
    public static ClinicOptions Read(ParseResult parsed, bool isDemonstration = false)
    {
        var file = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("fiducial.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string? Value(Option<string?> option, string key) => parsed.GetValue(option) ?? file[$"Fiducial:{key}"];
        if (Value(Store, nameof(Store)) is { Length: > 0 } store)
        {
            throw new CommandException(
                3,
                $"object storage ({store}) is not built yet: leave --store out to keep images as files in the data folder."
            );
        }
        return new ClinicOptions
        {
            Data = Path.GetFullPath(Value(Data, nameof(Data)) ?? "data"),
            Http = Port(Value(Http, nameof(Http)), 5080, Http.Name),
            Dicom = Port(Value(Dicom, nameof(Dicom)), 11112, Dicom.Name),
            Database = Value(Database, nameof(Database)) ?? "",
            Listen = IPAddress.TryParse(Value(Listen, nameof(Listen)) ?? "127.0.0.1", out var address)
                ? address
                : throw new CommandException(2, "--listen wants an IP address, such as 127.0.0.1."),
            TimeZone = Zone(Value(TimeZone, nameof(TimeZone)) ?? "America/Edmonton"),
            Holidays = HolidayPath(Value(Holidays, nameof(Holidays)) ?? ""),
            IsDemonstration = isDemonstration,
        };
    }

    private static int Port(string? text, int otherwise, string name) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
        : throw new CommandException(2, $"{name} wants a port from 0 to 65535, not '{text}'.");

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
