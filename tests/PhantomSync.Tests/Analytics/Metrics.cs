using System.Text;
using PhantomSync.Analytics;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Analytics;

/// <summary>Events to measure by.</summary>
internal static class Metrics
{
    /// <summary>A full hour, a few days ago.</summary>
    public static readonly DateTimeOffset Start = new(DateTime.UtcNow.Date.AddDays(-3).AddHours(10), TimeSpan.Zero);

    /// <summary>The two weeks around it.</summary>
    public static readonly TimeWindow Around = new(Start.AddDays(-10), Start.AddDays(4));

    public static InferenceCompleted Inference(int i, DateTimeOffset at, string tenant = "acme", string model = "fraud", string version = "v1", ulong? ms = null, string? features = null) => new()
    {
        InferenceId = $"inference-{i}",
        ModelId = model,
        Version = version,
        TenantId = tenant,
        InputFeatures = features is null ? default : System.Text.Json.JsonSerializer.SerializeToElement(features),
        Prediction = default,
        Confidence = (i % 100) / 100.0,
        InferenceTimeMs = ms ?? (ulong)(i % 1_000) + 1,
        RequestedBy = $"user-{i % 7}",
        SyncMetadata = Metadata(tenant, at),
    };

    public static BatchInferenceCompleted Batch(DateTimeOffset at, ulong predictions, double confidence, string tenant = "acme", string version = "v1") => new()
    {
        BatchId = Guid.NewGuid().ToString(),
        ModelId = "fraud",
        Version = version,
        TenantId = tenant,
        TotalPredictions = predictions,
        AverageConfidence = confidence,
        TotalTimeMs = ulong.MaxValue,
        ResultsLocation = "s3://results",
        SyncMetadata = Metadata(tenant, at),
    };

    public static TrainingJobCompleted Completed(string job, DateTimeOffset at, IReadOnlyDictionary<string, double> metrics, ulong ms = 1_000, string tenant = "acme", string model = "fraud") => new()
    {
        JobId = job,
        ModelId = model,
        TenantId = tenant,
        FinalMetrics = metrics,
        ArtifactsLocation = "s3://models",
        TrainingDurationMs = ms,
        SyncMetadata = Metadata(tenant, at),
    };

    public static TrainingJobFailed Failed(string job, DateTimeOffset at, string tenant = "acme") => new()
    {
        JobId = job,
        ModelId = "fraud",
        TenantId = tenant,
        FailureReason = "out of memory",
        ErrorDetails = default,
        SyncMetadata = Metadata(tenant, at),
    };

    public static PerformanceMetricsUpdated Performance(DateTimeOffset at, IReadOnlyDictionary<string, double> metrics, string tenant = "acme", string service = "gateway") => new()
    {
        TenantId = tenant,
        ServiceName = service,
        Metrics = metrics,
        Timestamp = Timestamp.From(at),
        SyncMetadata = Metadata(tenant, at.AddSeconds(30)),
    };

    public static AgentExecutionCompleted Agent(DateTimeOffset at, ulong ms, string tenant = "acme") => new()
    {
        ExecutionId = Guid.NewGuid().ToString(),
        AgentId = "planner",
        TenantId = tenant,
        Result = default,
        ExecutionTimeMs = ms,
        SyncMetadata = Metadata(tenant, at),
    };

    /// <summary>Does with the events what the consumers do.</summary>
    public static Task RecordAsync(this IMetricsStore store, params IEnumerable<ISyncEvent> events) => store.RecordAsync(events.ToArray(), CancellationToken.None);

    /// <summary>Sends the events as a relay does.</summary>
    public static async Task PublishAsync(this KafkaRecordSender sender, params IEnumerable<ISyncEvent> events)
    {
        var deliveries = events.Select(e =>
        {
            var descriptor = EventCatalogue.Platform.Describe(e);
            return sender.SendAsync(new OutgoingRecord(descriptor.Topic, Encoding.UTF8.GetBytes(descriptor.KeyOf(e)), EventCatalogue.Platform.Write(e), null));
        }).ToArray();
        foreach (var delivery in await Task.WhenAll(deliveries))
            delivery.Outcome.ShouldBe(DeliveryOutcome.Stored);
    }

    public static Dictionary<string, double> Map(params (string Name, double Value)[] metrics) => metrics.ToDictionary(metric => metric.Name, metric => metric.Value);

    private static SyncMetadata Metadata(string tenant, DateTimeOffset at)
    {
        var id = Guid.CreateVersion7();
        return new SyncMetadata
        {
            EventId = id,
            SourceService = "tests",
            SourceVersion = "1.0.0",
            OccurredAt = Timestamp.From(at),
            TenantId = tenant,
            IdempotencyKey = $"tests:{id}",
            RetryCount = 0,
            SyncStrategy = SyncStrategy.Default,
        };
    }
}
