using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Registry;
using PhantomSync.Registry.Usage;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// Inferences of 1,000 model versions wait in the topic and are added up in the registry. The baseline is that of consuming: an
/// inbox, and an upserted row per event. Measured from the first batch to the last commit.
/// </summary>
internal sealed class Usage : IWorkload
{
    private const int Versions = 1_000;

    public string Name => "usage";

    public double Target => 0.5;

    public int Warmup => 40_000;

    public int Events(bool quick) => quick ? 24_000 : 72_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events, Number);
        using var clock = new HandledClock(RegistryModule.ServiceName, events);
        using var host = ServiceHost.Create(
            stage,
            bus => bus.AddModelRegistryStore(options => options.UseNpgsql(stage.Postgres), outbox => outbox.UsePostgres()),
            rider => rider.AddModelRegistry());
        await using var scope = host.Services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryDbContext>();
        await registry.EnsureTablesAsync(cancellationToken);
        await stage.ExecuteAsync("CHECKPOINT");
        await host.StartAsync(cancellationToken);
        var ended = await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(clock.Began, ended), Measure.CostNow() - clock.CostAtBegin);
        await host.StopAsync(cancellationToken);
        await CheckAsync(stage, scope.ServiceProvider.GetRequiredService<ModelUsage>(), events, cancellationToken);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events, Number);
        await stage.ExecuteAsync(PlainTables.Script);
        await stage.ExecuteAsync("CHECKPOINT");
        var consumer = new PlainConsumer(stage);
        var ended = await Task.Factory.StartNew(() => consumer.Run(events, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(consumer.Began, ended), Measure.CostNow() - consumer.CostAtBegin);
        await Audit.AppliedAsync(stage, "inbox", events);
        return measure;
    }

    private static InferenceCompleted Number(int number) => Servers.Events.Number(number) with { ModelId = $"model-{number % 100}", Version = $"v{number % Versions / 100}", TenantId = "acme" };

    private static async Task CheckAsync(Stage stage, ModelUsage usage, int events, CancellationToken cancellationToken)
    {
        Audit.Equal("model versions", Versions, await stage.CountAsync("SELECT count(*) FROM (SELECT DISTINCT tenant_id, model_id, version FROM registry.model_usage) v"));
        Audit.Equal("predictions", events, await stage.CountAsync("SELECT sum(predictions)::bigint FROM registry.model_usage"));
        Audit.Equal("model-0's predictions", events / 100, (long)(await usage.OfAsync("acme", "model-0", cancellationToken)).Sum(version => version.Predictions));
    }
}
