using System.Globalization;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Outbox;
using Fiducial.Pathway.Access;

namespace Fiducial.Server.Doors;

/// <summary>A way by which something leaves or enters the house, and what was declared for it.</summary>
/// <param name="Access">Null when it is open to everyone, or when nothing was declared.</param>
internal sealed record DeclaredDoor(string Name, AccessAttribute? Access, bool IsPublic)
{
    public bool IsDeclared => IsPublic || Access is not null;

    /// <summary>Name, classes of data, permission and roles, separated by tabs.</summary>
    public override string ToString() =>
        Access is { } access
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Name}\t{string.Join(' ', access.Also.Prepend(access.Data))}\t{access.Verb}\t{string.Join(' ', access.Roles)}"
            )
            : $"{Name}\t-\t{(IsPublic ? "everyone" : "NOT DECLARED")}\t-";
}

/// <summary>
/// Every route, page, stream, DICOM service and message says which class of data it shows and to whom. A house with one that does not
/// say so is not opened; the build asks too (<c>fiducial doors</c>), so that such a house is not even built.
/// </summary>
internal sealed class DeclaredDoors(
    EndpointDataSource routes,
    IEnumerable<IDimseService> services,
    IServiceScopeFactory scopes
) : IHostedLifecycleService
{
    // What the framework maps beside our pages. They are declared nowhere, so that the door before them is closed.
    private static readonly string[] OfFramework = ["/_framework/opaque-redirect", "{**path:file}"];

    public static IReadOnlyList<DeclaredDoor> Of(
        IEnumerable<Endpoint> endpoints,
        IEnumerable<IDimseService> services,
        IServiceScopeFactory scopes
    )
    {
        using var scope = scopes.CreateScope();
        return
        [
            .. endpoints.OfType<RouteEndpoint>().Where(e => !OfFramework.Contains(e.RoutePattern.RawText)).Select(Of),
            .. services
                .SelectMany(s => s.SopClasses)
                .Select(c => new DeclaredDoor($"DICOM {c}", DicomDoors.Of(c), IsPublic: false)),
            .. scope
                .ServiceProvider.GetServices<IOutboxHandler>()
                .Select(h => new DeclaredDoor(
                    $"message {h.Topic}",
                    (AccessAttribute?)Attribute.GetCustomAttribute(h.GetType(), typeof(AccessAttribute)),
                    IsPublic: false
                )),
        ];
    }

    /// <exception cref="InvalidOperationException">A door declares nothing.</exception>
    public Task StartedAsync(CancellationToken cancellationToken) =>
        Of(routes.Endpoints, services, scopes).FirstOrDefault(d => !d.IsDeclared) is { } silent
            ? throw new InvalidOperationException(
                $"{silent.Name} does not declare which class of data it shows and to whom: add [Access] or [Public]."
            )
            : Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static DeclaredDoor Of(RouteEndpoint route)
    {
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"];
        return new DeclaredDoor(
            $"{string.Join(',', methods)} {route.RoutePattern.RawText}",
            route.Metadata.GetMetadata<AccessAttribute>(),
            route.Metadata.GetMetadata<PublicAttribute>() is not null
        );
    }
}
