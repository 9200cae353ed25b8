using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps what services measured, a row for each value. The time of the measurement counts, not that of the message.</summary>
internal sealed class RecordPerformance(IMetricsStore store) : IConsumer<Batch<PerformanceMetricsUpdated>>
{
    public Task Consume(ConsumeContext<Batch<PerformanceMetricsUpdated>> context) =>
        store.WriteAsync(context.Message.SelectMany(item => RowsOf(item.Message)).ToArray(), context.CancellationToken);

    internal static IEnumerable<PerformanceRow> RowsOf(PerformanceMetricsUpdated report) => report.Metrics.Select(metric => new PerformanceRow
    {
        Timestamp = MetricTime.Of(report.Timestamp),
        TenantId = report.TenantId,
        ServiceName = report.ServiceName,
        MetricName = metric.Key,
        MetricValue = metric.Value,
        OccurredAt = MetricTime.Of(report.SyncMetadata.OccurredAt),
        EventId = report.SyncMetadata.EventId,
        SourceService = report.SyncMetadata.SourceService,
    });
}
