using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Live;
using Fiducial.Foundation.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fiducial.Foundation;

public static class Services
{
    /// <summary>What every room stands on, apart from the database (<see cref="Storage.ClinicDatabase"/>).</summary>
    public static IServiceCollection AddFoundation(this IServiceCollection services, string timeZone)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(BusinessCalendar.Of(timeZone));
        services.TryAddSingleton<LiveEvents>();
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<OutboxWorker>();
        services.AddHostedService(s => s.GetRequiredService<OutboxWorker>());
        return services;
    }
}
