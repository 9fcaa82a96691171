using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Foundation.Tests;

/// <summary>Work that a step caused is done once, survives failure, and is done in the order in which it is due.</summary>
public sealed class OutboxTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_that_fails_is_tried_again_later_and_says_why_it_waits(bool onPostgres)
    {
        await using var box = await Box.OpenAsync(onPostgres);
        await box.PutAsync("a");
        box.Fail = true;
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeTrue();
        var waiting = (await box.MessagesAsync()).Single();
        waiting.LastError.Should().Be(nameof(InvalidOperationException), "a sentence could carry content");
        (waiting.DoneAt, waiting.Attempts, waiting.LeasedUntil).Should().Be((null, 1, null));
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeFalse("it is not due yet");
        box.Fail = false;
        box.Clock.Turn(TimeSpan.FromMinutes(1));
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeTrue();
        box.Done.Should().Equal("a");
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_that_a_crash_left_in_hand_is_taken_up_when_its_lease_has_ended(bool onPostgres)
    {
        await using var box = await Box.OpenAsync(onPostgres);
        await box.PutAsync("a", leasedFor: TimeSpan.FromMinutes(2));
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeFalse();
        box.Clock.Turn(TimeSpan.FromMinutes(3));
        (await box.Worker.WorkOneAsync(CancellationToken.None)).Should().BeTrue();
        box.Done.Should().Equal("a");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_workers_do_each_work_once(bool onPostgres)
    {
        await using var box = await Box.OpenAsync(onPostgres);
        var all = Enumerable.Range(0, 40).Select(i => $"{i:D2}").ToList();
        foreach (var body in all)
        {
            await box.PutAsync(body);
        }
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (await box.Worker.WorkOneAsync(CancellationToken.None)) { }
                    })
                )
        );
        box.Done.Order(StringComparer.Ordinal).Should().Equal(all);
    }

    private sealed class Box : IAsyncDisposable, IOutboxHandler
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("fiducial").FullName;
        private readonly List<string> _done = [];
        private ServiceProvider _services = null!;

        public TurnedClock Clock { get; } = new();
        public bool Fail { get; set; }
        public OutboxWorker Worker => _services.GetRequiredService<OutboxWorker>();
        public string Topic => "test";

        public IReadOnlyList<string> Done
        {
            get
            {
                lock (_done)
                {
                    return [.. _done];
                }
            }
        }

        public static async Task<Box> OpenAsync(bool onPostgres)
        {
            var box = new Box();
            var database = onPostgres
                ? await TemporaryPostgres.NewDatabaseAsync()
                : Path.Combine(box._folder, "clinic.db");
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton<TimeProvider>(box.Clock);
            services.AddFoundation("America/Edmonton");
            services.AddClinicDatabase(database, "none");
            services.AddSingleton<IOutboxHandler>(box);
            box._services = services.BuildServiceProvider();
            await box.WithAsync(db => db.Database.EnsureCreatedAsync());
            return box;
        }

        public Task PutAsync(string body, TimeSpan? leasedFor = null) =>
            WithAsync(db =>
            {
                db.Add(
                    new OutboxMessage
                    {
                        Topic = Topic,
                        Body = body,
                        DueAt = Clock.GetUtcNow(),
                        LeasedUntil = Clock.GetUtcNow() + leasedFor,
                    }
                );
                return db.SaveChangesAsync();
            });

        public Task<List<OutboxMessage>> MessagesAsync() =>
            WithAsync(db => db.Set<OutboxMessage>().AsNoTracking().ToListAsync());

        public Task HandleAsync(string body, CancellationToken ct)
        {
            if (Fail)
            {
                throw new InvalidOperationException("Patient Doe has a fracture.");
            }
            lock (_done)
            {
                _done.Add(body);
            }
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private async Task<T> WithAsync<T>(Func<ClinicDb, Task<T>> use)
        {
            await using var scope = _services.CreateAsyncScope();
            return await use(scope.ServiceProvider.GetRequiredService<ClinicDb>());
        }
    }
}
