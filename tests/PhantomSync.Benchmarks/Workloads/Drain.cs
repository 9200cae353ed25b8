using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>Events wait in the outbox; the relay is started, until all are acknowledged and deleted.</summary>
internal sealed class Drain : IWorkload
{
    private const int Chunk = 1_000;

    public string Name => "drain";

    public double Target => 0.6;

    public int Warmup => 20_000;

    public int Events(bool quick) => quick ? 15_000 : 50_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        using var host = await BenchHost.CreateAsync(stage, relay: false);
        await FillAsync(host.Services, events, cancellationToken);
        await stage.ExecuteAsync("CHECKPOINT");
        using var sent = new SentCounter();
        using var relay = ActivatorUtilities.CreateInstance<OutboxRelayService<BenchContext>>(host.Services);
        var (cpu, began) = (Measure.CostNow(), Stopwatch.GetTimestamp());
        await relay.StartAsync(cancellationToken);
        await sent.ReachAsync(events, cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(began), Measure.CostNow() - cpu);
        await relay.StopAsync(cancellationToken);
        await Audit.SentAsync(stage, "outbox_message", events);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        await stage.ExecuteAsync(PlainTables.Script);
        await using (var connection = await stage.Database.OpenConnectionAsync(cancellationToken))
        await using (var copy = await connection.BeginBinaryImportAsync("COPY outbox (topic, key, event_type, event_id, tenant_id, idempotency_key, body) FROM STDIN BINARY", cancellationToken))
        {
            for (var i = 0; i < events; i++)
            {
                var message = PlainEvent.Number(i, "2026-01-01T00:00:00.0000000Z");
                var metadata = message.Data.SyncMetadata;
                await copy.WriteRowAsync(
                    cancellationToken, stage.Topic, message.Key, message.EventType, metadata.EventId, metadata.TenantId, metadata.IdempotencyKey,
                    System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, PlainJson.Default.PlainEvent));
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await stage.ExecuteAsync("ANALYZE outbox");
        await stage.ExecuteAsync("CHECKPOINT");
        var (cpu, began) = (Measure.CostNow(), Stopwatch.GetTimestamp());
        await Task.Run(() => new PlainRelay(stage).RunAsync(events, cancellationToken), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(began), Measure.CostNow() - cpu);
        await Audit.SentAsync(stage, "outbox", events);
        return measure;
    }

    public static async Task FillAsync(IServiceProvider services, int events, CancellationToken cancellationToken)
    {
        for (var i = 0; i < events; i += Chunk)
        {
            await using var scope = services.CreateAsyncScope();
            var publisher = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
            for (var j = i; j < Math.Min(i + Chunk, events); j++)
                await publisher.Publish(Servers.Events.Number(j), cancellationToken);
            await scope.ServiceProvider.GetRequiredService<BenchContext>().SaveChangesAsync(cancellationToken);
        }
    }
}
