using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Live;
using Fiducial.Foundation.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fiducial.Foundation;

public static class Services
{
    /// <summary>What every room stands on, apart from the database (<see cref="Storage.ClinicDatabase"/>).</summary>
    /// <param name="services">The services of the clinic.</param>
    /// <param name="timeZone">IANA name of the site's zone.</param>
    /// <param name="holidays">The site's holidays as an iCalendar text; empty for none.</param>
    public static IServiceCollection AddFoundation(
        this IServiceCollection services,
        string timeZone,
        string holidays = ""
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(BusinessCalendar.Of(timeZone, holidays));
        services.TryAddScoped<Web.OneReader>();
        services.TryAddSingleton<LiveEvents>();
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<OutboxWorker>();
        services.AddHostedService(s => s.GetRequiredService<OutboxWorker>());
        return services;
    }
}
