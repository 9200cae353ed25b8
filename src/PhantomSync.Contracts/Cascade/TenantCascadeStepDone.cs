using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>A service has carried out its step of a tenant's suspension or of its end.</summary>
public sealed record TenantCascadeStepDone : ISyncEvent
{
    private readonly FreeJson _details;

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

    /// <summary>Which half of the cascade: <see cref="CascadeAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The service that answers: one of <see cref="CascadeService"/>.</summary>
    public required string Service { get; init; }

    /// <summary>What became of the command: <see cref="CascadeOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>How many models, jobs, switches or agents are affected by it.</summary>
    public required ulong Affected { get; init; }

    /// <summary>What was done, as the service tells it.</summary>
    public required JsonElement Details { get => _details; init => _details = value; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
