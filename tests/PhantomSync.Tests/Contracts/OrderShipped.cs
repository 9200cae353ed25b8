using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>An event as a user of the library declares it.</summary>
internal sealed record OrderShipped : ISyncEvent
{
    public required string TenantId { get; init; }

    public required string OrderId { get; init; }

    public required double TotalPrice { get; init; }

    public string? Note { get; init; }

    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    public required Timestamp ShippedAt { get; init; }

    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

[JsonSerializable(typeof(OrderShipped))]
internal sealed partial class ShopJson : JsonSerializerContext;
