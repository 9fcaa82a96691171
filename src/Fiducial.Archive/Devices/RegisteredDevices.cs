using System.Globalization;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Devices;

/// <summary>
/// The devices that are registered in the archive's database, by AE title, which is one device's alone. A change is seen by every server of
/// the archive when the next association is asked for.
/// </summary>
public sealed class RegisteredDevices
{
    private readonly ArchiveIndex _index;
    private readonly RegisterChanges _changes;

    internal RegisteredDevices(ArchiveIndex index, RegisterChanges changes) => (_index, _changes) = (index, changes);

    /// <summary>By AE title.</summary>
    public IReadOnlyList<Device> List() =>
        _index.Read(connection =>
        {
            using var reader = connection.Execute(
                "SELECT ae_title, host, port, role, certificate, most_associations, most_bytes_a_day, largest_object FROM devices ORDER BY ae_title"
            );
            var devices = new List<Device>();
            while (reader.Read())
            {
                devices.Add(
                    new Device(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.GetInt32(2),
                        // A role that a newer program wrote gives the least.
                        Device.RoleOf(reader.GetString(3)) ?? DeviceRole.Modality,
                        reader.GetString(4) is { Length: > 0 } thumbprint ? thumbprint : null,
                        reader.GetInt32(5),
                        reader.GetInt64(6),
                        reader.GetInt64(7)
                    )
                );
            }
            return devices;
        });

    public Device? Find(string aeTitle) => List().FirstOrDefault(d => d.AETitle == aeTitle);

    /// <returns>False when there is one of this title.</returns>
    public bool Add(Device device, string author) =>
        _changes.Make(
            author,
            $"device added: {Say(device)}",
            """
            INSERT INTO devices (ae_title, host, port, role, certificate, most_associations, most_bytes_a_day, largest_object)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (ae_title) DO NOTHING
            """,
            Values(device)
        );

    /// <returns>False when there is none of this title.</returns>
    public bool Change(Device device, string author) =>
        _changes.Make(
            author,
            $"device changed: {Say(device)}",
            """
            UPDATE devices SET host = $2, port = $3, role = $4, certificate = $5, most_associations = $6,
                most_bytes_a_day = $7, largest_object = $8 WHERE ae_title = $1
            """,
            Values(device)
        );

    /// <returns>False when there is none of this title.</returns>
    public bool Remove(string aeTitle, string author) =>
        _changes.Make(author, $"device removed: {aeTitle}", "DELETE FROM devices WHERE ae_title = $1", aeTitle);

    private static object[] Values(Device device) =>
        [
            device.AETitle,
            device.Host,
            device.Port,
            device.Role.ToString(),
            device.CertificateThumbprint ?? "",
            device.MostAssociations,
            device.MostBytesADay,
            device.LargestObject,
        ];

    private static string Say(Device d) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{d.AETitle} at {d.Host}:{d.Port}, {d.Role}, certificate {d.CertificateThumbprint ?? "none"}, associations {(d.MostAssociations > 0 ? d.MostAssociations : "as the server allows")}, bytes a day {(d.MostBytesADay > 0 ? d.MostBytesADay : "any")}, largest object {(d.LargestObject > 0 ? d.LargestObject : "any")}"
        );
}
