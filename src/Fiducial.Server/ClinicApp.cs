using System.Reflection;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Coordination;
using Fiducial.DoctorsOffice;
using Fiducial.ExamRoom;
using Fiducial.Foundation;
using Fiducial.Foundation.Storage;
using Fiducial.FrontDesk;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Rooms;
using Fiducial.PatientPortal;
using Fiducial.PrivacyOffice;
using Fiducial.ReadingRoom;
using Fiducial.Results;
using Fiducial.Results.Delivery;
using Fiducial.Server.Bridges;
using Fiducial.Server.Bridges.Modalities;
using Fiducial.Server.Demonstration;
using Fiducial.Server.Doors;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server;

/// <summary>The clinic put together: the only place that knows every room.</summary>
internal static class ClinicApp
{
    /// <summary>The assemblies in which pages are.</summary>
    public static Assembly[] Rooms { get; } =
    [
        typeof(FrontDesk.Services).Assembly,
        typeof(ExamRoom.Services).Assembly,
        typeof(ReadingRoom.Services).Assembly,
        typeof(DoctorsOffice.Services).Assembly,
        typeof(PatientPortal.Services).Assembly,
        typeof(Coordination.Services).Assembly,
        typeof(PrivacyOffice.Services).Assembly,
    ];

    public static WebApplication Build(ClinicOptions options)
    {
        Directory.CreateDirectory(options.Data);
        var builder = House.Builder(options);
        AddRooms(builder.Services, options);
        AddDoors(builder.Services, options);
        var app = builder.Build();
        app.UseTransport();
        House.UseHeaders(app);
        app.UseTroublePages();
        app.UseCrossOrigin();
        app.UseAuthentication();
        app.UseMiddleware<PlaceDoor>();
        app.UseMetrics();
        app.UseEndOfStreams();
        app.UseMiddleware<AccessMiddleware>();
        app.UseAntiforgery();
        app.UseMiddleware<FormDoor>();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "Fiducial.Server.staticwebassets.endpoints.json"))
            .WithMetadata(new PublicAttribute());
        app.MapRazorComponents<Pages.App>().AddAdditionalAssemblies(Rooms);
        app.MapSignIn();
        app.MapProvider();
        app.MapAccount();
        app.MapPasskeys();
        app.MapSession();
        app.MapPeople();
        app.MapWorkstations();
        app.MapHealth();
        app.MapFhir();
        app.MapAppearance();
        app.MapFrontDesk();
        app.MapExamRoom();
        app.MapReadingRoom();
        app.MapDoctorsOffice();
        app.MapCoordination();
        app.MapPatientPortal();
        app.MapPrivacyOffice();
        // Its gate asks the matrix for each study.
        app.MapDicomWeb()
            .WithMetadata(
                new AccessAttribute(
                    DataClass.C2f,
                    Verb.Read,
                    Role.RAD,
                    Role.MDR,
                    Role.RES,
                    Role.REF,
                    Role.COV,
                    Role.PAT
                )
                {
                    Also = [DataClass.C3f],
                }
            );
        app.MapQuarantine().WithMetadata(new AccessAttribute(DataClass.C2f, Verb.Read, Role.RAD, Role.MDR));
        return app;
    }

    /// <summary>Brings the database to this version, and people into a demonstration.</summary>
    public static async Task PrepareAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ClinicDb>().Database.MigrateAsync();
        await scope.ServiceProvider.GetRequiredService<KeepRelationships>().FoldOldAsync();
        await scope.ServiceProvider.GetRequiredService<SealAudit>().BeginAsync();
        if (app.Services.GetRequiredService<ClinicOptions>().IsDemonstration)
        {
            await scope.ServiceProvider.GetRequiredService<DemonstrationPeople>().MoveInAsync();
        }
    }

    /// <summary>The rooms and what lies below them, without the doors to the outside.</summary>
    public static void AddRooms(IServiceCollection services, ClinicOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        services.AddFoundation(options.TimeZone, options.HolidayText());
        services.AddClinicDatabase(options.DatabaseOrFile, typeof(ClinicApp).Assembly.GetName().Name!);
        services.AddSingleton<IModelPart, PeopleModel>();
        services.AddSingleton<IModelPart, FeedModel>();
        services.AddPathway(options.Place).AddSeals(Path.Combine(options.SecretsFolder, "seals"));
        services.AddResults(options.Policy);
        services
            .AddFrontDesk()
            .AddExamRoom()
            .AddReadingRoom()
            .AddDoctorsOffice()
            .AddPatientPortal()
            .AddCoordination()
            .AddPrivacyOffice(options.AuditRepository);
        services.AddSingleton<StudyDoor>();
        services.AddSingleton<IDicomWebGate, ClinicGate>();
        services.AddSingleton<IRetentionGuard, ClinicRetentionGuard>();
        services.AddSingleton<IRetentionOffice, ClinicRetention>();
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = Path.Combine(options.Data, "archive"),
                Database = options.ArchiveDatabase,
                Store = options.Store,
                Limits = options.Limits,
                Retention = options.Retention,
            }
        );
        services.AddFollower<TakeMatchedImages>("I7");
        services.AddFollower<WriteRejectionNote>("I8");
        foreach (var step in (string[])["E5", "E6", "I5", "I7"])
        {
            services.AddFollower<VerifyTransfer>(step);
        }
        services.AddHostedService<ImagesArrive>();
        services.AddSingleton<IRetrieveGate, DeviceGate>();
        services.AddDevices(options, options.IsDemonstration ? DeviceRole.Modality : null);
        services.AddModalityServices();
        services.AddScoped<IRecipientDirectory, DoctorDirectory>();
        services.AddScoped<LockOut>();
        services.AddScoped<RecoveryCodes>();
        services.AddScoped<Passkeys>();
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddHttpContextAccessor();
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            o.ServerDomain = options.PasskeyDomain is { Length: > 0 } domain ? domain : null;
            o.ValidateOrigin = answer => ValueTask.FromResult(Passkeys.IsOfThisHouse(answer, options.PasskeyDomain));
            o.UserVerificationRequirement = "required";
            // So that the sign-in needs no name.
            o.ResidentKeyRequirement = "required";
        });
        services.AddScoped<Authenticator>();
        services.AddScoped<ISecondFactor>(s => s.GetRequiredService<Authenticator>());
        services.AddScoped<KeepPeople>();
        services.AddScoped<ICareTeam, CareTeam>();
        services.AddScoped<IProxyDirectory, ProxyDirectory>();
        services.AddSingleton(new Foundation.Web.RoomLink("ADM", PeopleEndpoints.Page, "People"));
        services.AddSingleton(new Foundation.Web.RoomLink("ADM", WorkstationEndpoints.Page, "Workstations"));
        foreach (var role in (string[])["TECH", "RES", "RAD", "MDR", "REF", "COV"])
        {
            services.AddSingleton(new Foundation.Web.RoomLink(role, "/credentials", "My credentials"));
        }
        services.AddScoped<DemonstrationPeople>();
        services.AddScoped<ReferAndBook>();
    }

    private static void AddDoors(IServiceCollection services, ClinicOptions options)
    {
        services.AddRazorComponents();
        services.AddHealth();
        services.AddCrossOrigin(options);
        services.AddHostedService<DeclaredDoors>();
        services
            .AddDataProtection()
            .SetApplicationName("Fiducial")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.SecretsFolder, "keys")));
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<WorkstationCookie>();
        services.AddSingleton<HalfSession>();
        services.AddScoped<Sessions>();
        services.AddScoped<Entrance>();
        services.AddScoped<OwnAccount>();
        services.AddSingleton<Foundation.Web.KeptForm>();
        services
            .AddIdentityCore<Person>(o =>
            {
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                o.Lockout.MaxFailedAccessAttempts = 10;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
                o.Password.RequiredLength = 12;
            })
            .AddEntityFrameworkStores<ClinicDb>()
            .AddDefaultTokenProviders();
        if (options.IsDemonstration)
        {
            // Its passwords stand on the page: to make guessing slow would only make its twenty people move in slowly.
            services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1_000);
        }
        var authentication = services
            .AddAuthentication("Fiducial")
            .AddPolicyScheme(
                "Fiducial",
                null,
                o =>
                    o.ForwardDefaultSelector = http =>
                        http.Request.Headers.Authorization.Count > 0
                            ? BearerHandler.Name
                            : CookieAuthenticationDefaults.AuthenticationScheme
            )
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null)
            .AddCookie(o =>
            {
                o.Cookie.Name = "fiducial";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Strict;
                // How long it lasts stands in its row, which each request asks.
                o.ExpireTimeSpan = TimeSpan.FromDays(3650);
                o.SlidingExpiration = false;
                o.Events.OnValidatePrincipal = SessionDoor.ValidateAsync;
            });
        if (options.Provider is { } provider)
        {
            authentication.AddProvider(provider);
        }
    }
}
