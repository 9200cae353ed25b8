using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// What publishing costs with Entity Framework and nothing of ours: the two rows of the baseline through a pooled context, the
/// baseline's relay. The rest up to the baseline is the price of Entity Framework.
/// </summary>
internal sealed class PublishPlainEf : IWorkload
{
    private readonly Publish _publish = new();

    public string Name => "publish_plain_ef";

    public double Target => 0;

    public int Warmup => _publish.Warmup;

    public int Events(bool quick) => _publish.Events(quick);

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        await stage.ExecuteAsync(PlainTables.Script);
        await using var services = new ServiceCollection().AddDbContextPool<PlainContext>(options => options.UseNpgsql(stage.Postgres)).BuildServiceProvider();
        return await Publish.BesidePlainRelayAsync(stage, events, (_, number) => WriteAsync(services, stage.Topic, number, cancellationToken), cancellationToken);
    }

    public Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken) => _publish.BaselineAsync(stage, events, cancellationToken);

    private static async Task WriteAsync(ServiceProvider services, string topic, int number, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PlainContext>();
        var message = PlainEvent.Number(number, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        var data = message.Data;
        context.Add(new Served { Id = data.InferenceId, TenantId = data.TenantId, ModelId = data.ModelId, Confidence = data.Confidence });
        context.Add(new PlainContext.OutboxRow
        {
            Topic = topic,
            Key = message.Key,
            EventType = message.EventType,
            EventId = data.SyncMetadata.EventId,
            TenantId = data.SyncMetadata.TenantId,
            IdempotencyKey = data.SyncMetadata.IdempotencyKey,
            Body = JsonSerializer.SerializeToUtf8Bytes(message, PlainJson.Default.PlainEvent),
        });
        await context.SaveChangesAsync(cancellationToken);
    }
}
