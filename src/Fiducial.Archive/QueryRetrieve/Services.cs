using Fiducial.Archive.Commitment;
using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fiducial.Archive.QueryRetrieve;

public static class Services
{
    /// <summary>Query/Retrieve and storage commitment over an archive that was added before, for the devices of a registry.</summary>
    public static IServiceCollection AddQueryRetrieve(
        this IServiceCollection services,
        Func<IServiceProvider, DeviceRegistry> registry,
        Func<IServiceProvider, QueryRetrieveOptions> options
    )
    {
        services.AddSingleton(registry);
        services.AddSingleton(options);
        services.AddSingleton<IAssociationPolicy, DevicePolicy>();
        services.TryAddSingleton<IRetrieveGate, OpenRetrieveGate>();
        services.AddSingleton<Selection>();
        services.AddSingleton<InstanceSender>();
        services.AddSingleton<ISentSyntaxes, StoredSyntaxes>();
        services.AddSingleton<IDimseService, FindService>();
        services.AddSingleton<IDimseService, MoveService>();
        services.AddSingleton<IDimseService, GetService>();
        services.AddSingleton<IDimseService, CommitmentService>();
        services.AddHostedService<AnswerCommitments>();
        return services;
    }
}
