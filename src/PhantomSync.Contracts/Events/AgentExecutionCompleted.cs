using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>An agent finished its work.</summary>
public sealed record AgentExecutionCompleted : ISyncEvent
{
    private readonly FreeJson _result;

    /// <summary>The run, unique within the tenant.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>The agent that ran.</summary>
    public required string AgentId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>What the agent produced.</summary>
    public required JsonElement Result { get => _result; init => _result = value; }

    /// <summary>How long the run took, in milliseconds.</summary>
    public required ulong ExecutionTimeMs { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
