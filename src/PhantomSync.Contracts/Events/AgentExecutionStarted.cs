using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>An agent began to work.</summary>
public sealed record AgentExecutionStarted : ISyncEvent
{
    private readonly FreeJson _context;

    /// <summary>The run, unique within the tenant.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>The agent that runs.</summary>
    public required string AgentId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>What the agent was given; may hold personal data.</summary>
    public required JsonElement Context { get => _context; init => _context = value; }

    /// <summary>The user or service that started it.</summary>
    public required string StartedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
