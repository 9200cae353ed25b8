using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;
using PhantomSync.Registry;
using PhantomSync.Registry.Models;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Queries;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Riding;
using PhantomSync.Workloads;

namespace PhantomSync.Tests.Sagas;

/// <summary>Sagas, registry and workloads on one broker, and a producer that says what the rest of the platform would.</summary>
internal sealed class PlatformBed : IAsyncDisposable
{
    private const int Partitions = 2;

    private static readonly EventCatalogue Catalogue = EventCatalogue.Platform.With(CascadeEvents.All);
    private static readonly SyncEventWireFormat Format = new(Catalogue);

    private readonly MockCluster _cluster = new();
    private readonly PlatformStore _store;
    private readonly List<IHost> _hosts = [];
    private readonly KafkaRecordSender _sender;

    private PlatformBed(PlatformStore store)
    {
        _store = store;
        foreach (var topic in Catalogue.Topics.Concat(["phantom.dead-letters", "phantom.health"]))
            _cluster.CreateTopic(topic, Partitions);
        _sender = new KafkaRecordSender(_cluster.Connect());
    }

    /// <summary>The first host.</summary>
    public IServiceProvider Services => _hosts[0].Services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="store">Where the data is.</param>
    /// <param name="agents">Whether the agents' service runs from the beginning.</param>
    /// <param name="configure">Changes the options of the sagas.</param>
    public static async Task<PlatformBed> StartAsync(PlatformStore store, bool agents = true, Action<IServiceCollection>? configure = null)
    {
        var bed = new PlatformBed(store);
        await bed.RunAsync(
            rider =>
            {
                rider.AddModelRegistry();
                rider.AddSagas();
                rider.AddTrainingWorkloads();
                rider.AddInferenceWorkloads();
                if (agents)
                    rider.AddAgentWorkloads();
            },
            configure,
            relays: true);
        return bed;
    }

    /// <summary>The service that was down comes up, in a host of its own.</summary>
    public Task StartAgentsAsync() => RunAsync(rider => rider.AddAgentWorkloads(), null, relays: false);

    /// <summary>Says events, each acknowledged before the next.</summary>
    public async Task SayAsync(params IEnumerable<ISyncEvent> events)
    {
        foreach (var e in events)
        {
            var said = e.SyncMetadata.EventId == Guid.Empty ? Registry.RegistryBed.From(e) : e;
            var written = Format.Write(said, new WriteContext(null, "tests", "1", TimeProvider.System));
            (await _sender.SendAsync(new OutgoingRecord(written.Type.Topic, Encoding.UTF8.GetBytes(written.Key!), written.Body, WireHeaders.Of(written)))).Outcome.ShouldBe(DeliveryOutcome.Stored);
        }
    }

    public async Task<T> UseAsync<TService, T>(Func<TService, Task<T>> use)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task<TrainingLifecycleState?> JobAsync(string job, string tenant = "acme") =>
        UseAsync<SagasDbContext, TrainingLifecycleState?>(sagas => sagas.TrainingJobs.AsNoTracking().SingleOrDefaultAsync(state => state.TenantId == tenant && state.JobId == job, Cancel));

    public Task<TenantSuspensionState?> SuspensionAsync(string tenant = "acme") =>
        UseAsync<SagasDbContext, TenantSuspensionState?>(sagas => sagas.Suspensions.AsNoTracking().SingleOrDefaultAsync(state => state.TenantId == tenant, Cancel));

    public Task<SagaDetails?> ShowAsync(Guid id) => UseAsync<SagaQueries, SagaDetails?>(queries => queries.ShowAsync(id, Cancel));

    public Task<WorkloadsView> WorkloadsAsync(string tenant = "acme") => UseAsync<WorkloadDirectory, WorkloadsView>(workloads => workloads.OfAsync(tenant, Cancel));

    /// <summary>The models that may serve.</summary>
    public Task<string[]> ActiveModelsAsync(string tenant = "acme") => UseAsync<ModelDirectory, string[]>(async models =>
        [.. (await models.ListAsync(tenant, Cancel)).Where(model => model.Status == ModelStatus.Active).Select(model => model.Row.ModelId)]);

    public Task UntilJobAsync(string job, TrainingStatus status, string tenant = "acme") => Wait.ForAsync(
        async () => (await JobAsync(job, tenant))?.CurrentState == status.ToString(),
        async () => $"job {job} is {status} (now {(await JobAsync(job, tenant))?.CurrentState}; log: {TestLog.Instance.Tail})",
        seconds: 60);

    public Task UntilTenantAsync(CascadeStatus status, long suspension = 1, string tenant = "acme") => Wait.ForAsync(
        async () => await SuspensionAsync(tenant) is { } found && found.CurrentState == status.ToString() && found.Suspension == suspension,
        async () => $"tenant {tenant} is {status} {suspension} (now {(await SuspensionAsync(tenant))?.CurrentState} {(await SuspensionAsync(tenant))?.Suspension}, missing {(await SuspensionAsync(tenant))?.Missing}; log: {TestLog.Instance.Tail})",
        seconds: 60);

    public Task UntilAsync(Func<Task<bool>> condition, string what) => Wait.ForAsync(condition, () => Task.FromResult($"{what} (log: {TestLog.Instance.Tail})"), seconds: 60);

    /// <summary>The letters of all services that wait.</summary>
    public async Task<List<DeadLetterSummary>> LettersAsync()
    {
        var letters = new List<DeadLetterSummary>();
        foreach (var box in Services.GetServices<DeadLetterBox>())
            letters.AddRange(await box.ListAsync(cancellationToken: Cancel));
        return letters;
    }

    /// <summary>What is in a topic, as events.</summary>
    public List<ISyncEvent> Log(string topic) => [.. _cluster.Connect().ReadAll(topic, Partitions).Select(record => Catalogue.Read(record.Message.Value))];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        await _sender.DisposeAsync();
        _cluster.Dispose();
        _store.CleanUp();
    }

    private async Task RunAsync(Action<IRiderRegistrationConfigurator> services, Action<IServiceCollection>? configure, bool relays)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(TestLog.Instance));
        builder.Services.AddSyncEvents(Catalogue);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            void Outbox(EntityFrameworkOutboxConfigurator outbox)
            {
                _store.Use(outbox);
                outbox.RunRelay = relays;
            }

            bus.AddWorkloadsStore(_store.Database("workloads"), Outbox);
            if (relays)
            {
                bus.AddModelRegistryStore(_store.Database("registry"), Outbox);
                bus.AddSagasStore(_store.Database("sagas"), Outbox);
            }

            configure?.Invoke(bus);
            bus.AddRider(rider =>
            {
                services(rider);
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(_cluster.BootstrapServers);
                    kafka.Client.VolatileProfile = true;
                    kafka.TopicDefaults.Create = false;
                    kafka.ConfigureServices(context);
                });
            });
        });
        var host = builder.Build();
        _hosts.Add(host);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<WorkloadsDbContext>().EnsureTablesAsync(Cancel);
            if (relays)
            {
                await scope.ServiceProvider.GetRequiredService<RegistryDbContext>().EnsureTablesAsync(Cancel);
                await scope.ServiceProvider.GetRequiredService<SagasDbContext>().EnsureTablesAsync(Cancel);
            }
        }

        await host.StartAsync(Cancel);
    }
}
