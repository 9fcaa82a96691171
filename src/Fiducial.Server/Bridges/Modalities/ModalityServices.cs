using Fiducial.Dicom.Network;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>What a clinic does for its modalities beside taking their images.</summary>
internal static class ModalityServices
{
    public static void AddModalityServices(this IServiceCollection services)
    {
        services.AddSingleton<IDimseService, WorklistService>();
        services.AddSingleton<IDimseService, PerformedStepService>();
    }
}
