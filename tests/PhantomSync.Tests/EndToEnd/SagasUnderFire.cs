using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Wire;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Sagas.Training;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>
/// The platform's services are killed again and again while training jobs go through their lives and a tenant is suspended and
/// comes back; the broker lives on. In the end every job has gone each of its steps once. PHANTOM_SEED repeats a run's schedule.
/// </summary>
[Collection(nameof(Fire))]
public sealed class SagasUnderFire(PostgresServer server) : IAsyncLifetime
{
    private const int Partitions = 4;
    private const int JobsPerRound = 16;
    private const int JobsOfTheSuspended = 8;

    private static readonly EventCatalogue Catalogue = EventCatalogue.Platform.With(CascadeEvents.All);
    private static readonly SyncEventWireFormat Format = new(Catalogue);

    /// <summary>The named places, with the highest hit that is sure to come in a round.</summary>
    private static readonly (string Name, int Hits)[] Places =
    [
        ("cons.before_tx", 6), ("cons.after_inbox", 6), ("cons.before_commit", 6), ("cons.after_commit", 6), ("relay.before_produce", 6), ("relay.after_produce", 6), ("relay.after_ack", 2),
    ];

    private readonly MockCluster _cluster = new();
    private KafkaRecordSender _sender = null!;
    private DemoBed _bed = null!;
    private string _connection = "";

    private static string[] AllJobs => [.. Enumerable.Range(-1, Places.Length + 1).SelectMany(round => JobsOf(round, job => job))];

    [Fact, Trait("row", "S19.15"), Trait("row", "F01")]
    public async Task Whatever_moment_the_services_are_killed_at_each_saga_ends_as_if_nobody_had_touched_it()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PHANTOM_SEED"), out var given) ? given : Random.Shared.Next(1, 1_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"PHANTOM_SEED={seed}");
        var random = new Random(seed);
        random.Shuffle(Places);
        await SayAsync([Say.Created("acme", "churn"), Say.Created("bigco", "scoring")]);
        await SayAsync(Enumerable.Range(0, JobsOfTheSuspended).Select(i => Job.Started(0, job: $"stopped-{i}", tenant: "bigco", model: "scoring")));
        await SayAsync(JobsOf(-1, job => Job.Started(0, job: job)));
        await using (var first = Services(null))
        {
            await ReachesAsync(first, seed, AllRun);
            first.Kill();
        }

        for (var round = 0; round < Places.Length; round++)
        {
            await SayAsync(JobsOf(round, job => Job.Started(0, job: job)));
            await SayAsync(JobsOf(round - 1, job => Job.Completed(10, job: job)));
            if (round == 2)
                await SayAsync([Say.Suspended("bigco")]);
            if (round == Places.Length - 2)
                await SayAsync([Say.Resumed("bigco")]);
            var (place, hits) = Places[round];
            await using var dies = Services($"{place}=kill@{random.Next(1, hits + 1)}");
            (await dies.ExitsAsync(120)).ShouldBe(HostProcess.Killed, $"{place}, PHANTOM_SEED={seed}: {dies.Story}");
        }

        await SayAsync(JobsOf(Places.Length - 1, job => Job.Completed(10, job: job)));
        await using var last = Services(null);
        await ReachesAsync(last, seed, AllEnded);
        last.Terminate();
        (await last.ExitsAsync(60)).ShouldBe(0, last.Story);
        ShouldBeSound();
    }

    public async ValueTask InitializeAsync()
    {
        _sender = new KafkaRecordSender(_cluster.Connect());
        _connection = await server.CreateDatabaseAsync();
        _bed = new DemoBed(_connection);
        foreach (var topic in DemoBed.Topics.Concat(["phantom.audit-heads", "phantom.health", .. new[] { SagasModule.TrainingGroup, SagasModule.SuspensionGroup }.Select(group => $"phantom.{group}.timeouts")]))
            _cluster.CreateTopic(topic, Partitions);
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        _cluster.Dispose();
        _bed.Dispose();
    }

    private static IEnumerable<T> JobsOf<T>(int round, Func<string, T> of) => Enumerable.Range(0, JobsPerRound).Select(i => of($"job-{round + 1}-{i}"));

    private HostProcess Services(string? failPoints) =>
        HostProcess.Start(["run", "--postgres", _connection, "--kafka", _cluster.BootstrapServers, "--urls", "http://127.0.0.1:0", "--data", _bed.DataDirectory], failPoints);

    private async Task SayAsync(IEnumerable<ISyncEvent> events)
    {
        foreach (var e in events)
        {
            var written = Format.Write(RegistryBed.From(e), new WriteContext(null, "tests", "1", TimeProvider.System));
            (await _sender.SendAsync(new OutgoingRecord(written.Type.Topic, Encoding.UTF8.GetBytes(written.Key!), written.Body, WireHeaders.Of(written)))).Outcome.ShouldBe(DeliveryOutcome.Stored);
        }
    }

    private async Task ReachesAsync(HostProcess host, int seed, IEnumerable<string> expected)
    {
        List<string> now = [];
        try
        {
            await host.SaysAsync("PhantomSync runs on");
            await Wait.ForAsync(() => host.HasExited || (now = States()).SequenceEqual(expected.Order(StringComparer.Ordinal)), "the sagas are where they should be", 120);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"PHANTOM_SEED={seed}: too many: {string.Join(", ", now.Except(expected))}; missing: {string.Join(", ", expected.Except(now))}; {host.Story}", exception);
        }

        host.HasExited.ShouldBeFalse(host.Story);
    }

    private static IEnumerable<string> AllRun => JobsOf(-1, job => $"acme/{job} {nameof(TrainingStatus.Started)}").Concat(Suspended(TrainingStatus.Started));

    private static IEnumerable<string> AllEnded =>
        AllJobs.Select(job => $"acme/{job} {nameof(TrainingStatus.VersionRegistered)}").Concat(Suspended(TrainingStatus.Cancelled)).Append($"bigco {nameof(CascadeStatus.Active)}");

    private static IEnumerable<string> Suspended(TrainingStatus status) => Enumerable.Range(0, JobsOfTheSuspended).Select(i => $"bigco/stopped-{i} {status}");

    private List<string> States() =>
    [
        .. _bed.Read("sagas", "SELECT tenant_id || '/' || job_id || ' ' || current_state FROM training_lifecycle", row => row.GetString(0))
            .Concat(_bed.Read("sagas", "SELECT tenant_id || ' ' || current_state FROM tenant_suspension", row => row.GetString(0)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Each saga has gone each step once, and each job has made one version.</summary>
    private void ShouldBeSound()
    {
        var steps = _bed.Read(
            "sagas",
            "SELECT s.job_id || ' ' || h.event FROM saga_history h JOIN training_lifecycle s USING (correlation_id) WHERE s.tenant_id = 'acme'",
            row => row.GetString(0));
        string[] each = [nameof(TrainingLifecycle.JobStarted), nameof(TrainingLifecycle.JobCompleted), nameof(TrainingLifecycle.VersionAnnounced)];
        steps.Order(StringComparer.Ordinal).ShouldBe(AllJobs.SelectMany(job => each.Select(step => $"{job} {step}")).Order(StringComparer.Ordinal));
        _bed.Read("registry", "SELECT job_id FROM model_versions WHERE job_id IS NOT NULL", row => row.GetString(0)).Order().ShouldBe(AllJobs.Order());
        _bed.Read("sagas", "SELECT event_id::text FROM saga_history WHERE event_id IS NOT NULL GROUP BY correlation_id, saga, event_id HAVING count(*) > 1", row => row.GetString(0)).ShouldBeEmpty();
        _bed.Read("sagas", "SELECT event_type FROM dead_letter", row => row.GetString(0)).ShouldBeEmpty();

        // The tenant may have come back before all had stopped.
        string[][] valid = [[nameof(TenantSuspensionCompleted), nameof(TenantResumed)], [nameof(TenantResumed)]];
        var outcomes = _cluster.Connect().ReadAll(CascadeEvents.Outcomes, Partitions).Select(record => Catalogue.Read(record.Message.Value)).DistinctBy(e => e.SyncMetadata.EventId)
            .Select(e => e.GetType().Name).ToList();
        valid.ShouldContain(one => one.SequenceEqual(outcomes), string.Join(", ", outcomes));
    }
}
