using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.ReadingRoom.Display;
using Fiducial.ReadingRoom.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.ReadingRoom;

public static class Services
{
    public static IServiceCollection AddReadingRoom(this IServiceCollection services) =>
        services
            .AddSingleton<IModelPart, ReadingRoomModel>()
            .AddSingleton<IGuard>(QualifiedReading.OfReport)
            .AddSingleton<IGuard>(QualifiedReading.OfAddendum)
            .AddScoped<ILedgerWitness, CoverageWitness>()
            .AddScoped<KeepDisplays>()
            .AddSingleton(new RoomLink("RAD", "/reading-room", "Reading list"))
            .AddSingleton(new RoomLink("MDR", "/reading-room", "Reading list"));
}
