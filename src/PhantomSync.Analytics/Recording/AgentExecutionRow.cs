using System.Globalization;
using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>One finished run of an agent.</summary>
internal sealed record AgentExecutionRow : IMetricRow
{
    public static string Table => "agent_executions";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "agent_id", Type = "LowCardinality(String)")]
    public required string AgentId { get; init; }

    [ClickHouseColumn(Name = "execution_id", Type = "String")]
    public required string ExecutionId { get; init; }

    [ClickHouseColumn(Name = "execution_time_ms", Type = "UInt64")]
    public required ulong ExecutionTimeMs { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => string.Create(CultureInfo.InvariantCulture, $"{EventId}|{ExecutionTimeMs}");
}
