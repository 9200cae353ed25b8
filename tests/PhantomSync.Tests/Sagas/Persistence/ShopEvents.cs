using System.Text.Json.Serialization;
using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>What the tests' shop says.</summary>
internal static class ShopEvents
{
    public const string Orders = "shop.orders";
    public const string Payments = "shop.payments";
    public const string Answers = "shop.answers";

    public static EventCatalogue Catalogue { get; } = EventCatalogue.Platform.With(
        EventDescriptor.Create("OrderPlaced", Orders, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderPlaced),
        EventDescriptor.Create("OrderNoted", Orders, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderNoted),
        EventDescriptor.Create("OrderPacked", Orders, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderPacked),
        EventDescriptor.Create("OrderPaid", Payments, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderPaid),
        EventDescriptor.Create("OrderImported", Payments, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderImported),
        EventDescriptor.Create("PaymentNoted", Payments, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.PaymentNoted),
        EventDescriptor.Create("VisitBegun", Orders, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.VisitBegun),
        EventDescriptor.Create("VisitEnded", Orders, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.VisitEnded),
        EventDescriptor.Create("OrderClosed", Answers, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.OrderClosed),
        EventDescriptor.Create("CheckStock", Answers, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.CheckStock),
        EventDescriptor.Create("StockChecked", Answers, e => PartitionKey.Of(e.TenantId, e.OrderId.ToString()), SagaShopJson.Default.StockChecked));
}

public abstract record ShopEvent : ISyncEvent
{
    public string TenantId { get; init; } = "acme";

    public required Guid OrderId { get; init; }

    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

/// <summary>Starts an order.</summary>
public sealed record OrderPlaced : ShopEvent
{
    public required string Number { get; init; }
}

/// <summary>Something to remember with an order.</summary>
public sealed record OrderNoted : ShopEvent
{
    public required string Note { get; init; }
}

/// <summary>Identified by its number alone.</summary>
public sealed record OrderPacked : ShopEvent
{
    public required string Number { get; init; }
}

public sealed record OrderPaid : ShopEvent;

/// <summary>Starts an order, too, on another topic.</summary>
public sealed record OrderImported : ShopEvent
{
    public required string Number { get; init; }
}

/// <summary>A note on another topic.</summary>
public sealed record PaymentNoted : ShopEvent
{
    public required string Note { get; init; }
}

/// <summary>What an order says at its end.</summary>
public sealed record OrderClosed : ShopEvent
{
    public required string Outcome { get; init; }
}

/// <summary>A request.</summary>
public sealed record CheckStock : ShopEvent;

/// <summary>Its response.</summary>
public sealed record StockChecked : ShopEvent
{
    public required bool Available { get; init; }
}

/// <summary>Says by itself which saga it is for, as classic sagas want it.</summary>
public abstract record VisitEvent : ShopEvent, CorrelatedBy<Guid>
{
    [JsonIgnore]
    public Guid CorrelationId => OrderId;
}

public sealed record VisitBegun : VisitEvent;

public sealed record VisitEnded : VisitEvent;

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderNoted))]
[JsonSerializable(typeof(OrderPacked))]
[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(OrderImported))]
[JsonSerializable(typeof(PaymentNoted))]
[JsonSerializable(typeof(VisitBegun))]
[JsonSerializable(typeof(VisitEnded))]
[JsonSerializable(typeof(OrderClosed))]
[JsonSerializable(typeof(CheckStock))]
[JsonSerializable(typeof(StockChecked))]
internal sealed partial class SagaShopJson : JsonSerializerContext;
