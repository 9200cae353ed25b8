using System.Text;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

public sealed class CatalogueTests
{
    private static readonly EventDescriptor Shipped = EventDescriptor.Create(
        "OrderShipped", "shop.orders", e => PartitionKey.Of(e.TenantId, e.OrderId), ShopJson.Default.OrderShipped);

    [Theory]
    [InlineData("ModelCreated", "phantom.models", "tenant-1:model-42")]
    [InlineData("ModelUpdated", "phantom.models", "tenant-1:model-42")]
    [InlineData("ModelDeleted", "phantom.models", "tenant-1:model-42")]
    [InlineData("TrainingJobStarted", "phantom.models", "tenant-1:model-42")]
    [InlineData("TrainingJobCompleted", "phantom.models", "tenant-1:model-42")]
    [InlineData("TrainingJobFailed", "phantom.models", "tenant-1:model-42")]
    [InlineData("InferenceCompleted", "phantom.inference", "tenant-1:model-42:inf-9")]
    [InlineData("BatchInferenceCompleted", "phantom.inference", "tenant-1:model-42:batch-3")]
    [InlineData("AgentExecutionStarted", "phantom.agents", "tenant-1:exec-1")]
    [InlineData("AgentExecutionCompleted", "phantom.agents", "tenant-1:exec-1")]
    [InlineData("AuditLogCreated", "phantom.audit", "tenant-1:session:s-1")]
    [InlineData("PerformanceMetricsUpdated", "phantom.performance", "tenant-1:model-service")]
    [InlineData("TenantCreated", "phantom.tenants", "tenant-1")]
    [InlineData("TenantUpdated", "phantom.tenants", "tenant-1")]
    [InlineData("TenantSuspended", "phantom.tenants", "tenant-1")]
    [Trait("row", "S11.01")]
    [Trait("row", "S11.02")]
    [Trait("row", "S11.03")]
    [Trait("row", "S11.04")]
    [Trait("row", "S11.05")]
    [Trait("row", "S11.06")]
    [Trait("row", "S11.07")]
    [Trait("row", "S11.08")]
    [Trait("row", "S11.09")]
    [Trait("row", "S11.10")]
    [Trait("row", "S11.11")]
    [Trait("row", "S11.12")]
    [Trait("row", "S11.13")]
    [Trait("row", "S11.14")]
    [Trait("row", "S11.15")]
    public void Each_event_has_its_topic_and_key(string eventType, string topic, string key)
    {
        EventCatalogue.Platform.TryGet(eventType, out var descriptor).ShouldBeTrue();
        descriptor.Topic.ShouldBe(topic);
        descriptor.KeyOf(Samples.All.Single(e => e.GetType() == descriptor.ClrType)).ShouldBe(key);
    }

    [Fact]
    public void The_platform_has_fifteen_events_on_six_topics()
    {
        EventCatalogue.Platform.Events.Count.ShouldBe(15);
        EventCatalogue.Platform.Topics.ShouldBe(
            ["phantom.agents", "phantom.audit", "phantom.inference", "phantom.models", "phantom.performance", "phantom.tenants"]);
    }

    [Fact]
    [Trait("row", "S11.01")]
    public void Different_parts_never_share_a_key()
    {
        var part = Gen.OneOf(Arbitrary.Text, Gen.OneOf(':', '%', '2', '5', '3', 'A', 'a').Array[0, 4].Select(c => new string(c)));
        Gen.Select(part.Array[1, 3], part.Array[1, 3]).Sample(
            (a, b) => (PartitionKey.Of(a) == PartitionKey.Of(b)).ShouldBe(a.SequenceEqual(b)), iter: 50_000);
        PartitionKey.Of("a:b", "c").ShouldBe("a%3Ab:c");
        PartitionKey.Of("a", "b:c").ShouldBe("a:b%3Ac");
        PartitionKey.Of("100%", "é").ShouldBe("100%25:é");
        Should.Throw<ArgumentException>(() => PartitionKey.Of());
    }

    [Fact]
    public void An_event_of_ones_own_travels_like_the_others()
    {
        var shop = EventCatalogue.Platform.With(Shipped);
        var e = new OrderShipped
        {
            TenantId = "tenant-1",
            OrderId = "o:1",
            TotalPrice = 1e16,
            Weights = new Dictionary<string, double> { ["net"] = 2 },
            ShippedAt = Timestamp.Parse("2026-03-01T00:00:00.000000001Z"),
            SyncMetadata = Samples.Metadata,
        };
        var record = shop.Write(e);
        Encoding.UTF8.GetString(record).ShouldStartWith(
            """{"event_type":"OrderShipped","data":{"tenant_id":"tenant-1","order_id":"o:1","total_price":1e16,"note":null,"weights":{"net":2.0},"shipped_at":"2026-03-01T00:00:00.000000001Z","sync_metadata":{"event_id":""");
        var read = shop.Read(record).ShouldBeOfType<OrderShipped>();
        (read with { Weights = e.Weights }).ShouldBe(e);
        read.Weights.ShouldBe(e.Weights);
        shop.Describe(e).KeyOf(e).ShouldBe("tenant-1:o%3A1");
        shop.Topics.ShouldContain("shop.orders");
        EventCatalogue.Platform.TryGet(typeof(OrderShipped), out _).ShouldBeFalse();
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(record)).Code.ShouldBe(WireFormatError.UnknownEventType);
        Should.Throw<ArgumentException>(() => EventCatalogue.Platform.Write(e)).Message.ShouldContain("EventDescriptor.Create<OrderShipped>");
    }

    [Theory]
    [InlineData("order_id", "7", "data.order_id: expected a string, found the number 7")]
    [InlineData("order_id", "\" x\"", "data.order_id: expected an id of 1 to 200 characters without control characters and without white space around it, found the string \" x\"")]
    [InlineData("total_price", "null", "data.total_price: expected a finite number, found null")]
    [InlineData("sync_metadata", "null", "data.sync_metadata: expected an object, found null")]
    public void The_faults_of_ones_own_event_are_named_as_well(string field, string value, string message)
    {
        var shop = EventCatalogue.Platform.With(Shipped);
        var record = Record.Of("TenantSuspended");
        record["event_type"] = "OrderShipped";
        record["data"]!["order_id"] = "o";
        record["data"]!["total_price"] = 1;
        record["data"]!["weights"] = new System.Text.Json.Nodes.JsonObject();
        record["data"]!["shipped_at"] = "2026-03-01T00:00:00Z";
        shop.Read(Record.Utf8(record)).ShouldBeOfType<OrderShipped>();
        record["data"]![field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        Should.Throw<WireFormatException>(() => shop.Read(Record.Utf8(record))).Message.ShouldBe(message);
        record["data"]!.AsObject().Remove(field);
        Should.Throw<WireFormatException>(() => shop.Read(Record.Utf8(record))).Code.ShouldBe(WireFormatError.MissingField);
    }

    [Fact]
    public void Non_finite_numbers_of_ones_own_event_are_refused_not_lost()
    {
        var shop = EventCatalogue.Platform.With(Shipped);
        var e = new OrderShipped
        {
            TenantId = "tenant-1",
            OrderId = "o",
            TotalPrice = 1,
            Weights = new Dictionary<string, double> { ["net"] = double.NaN },
            ShippedAt = default,
            SyncMetadata = Samples.Metadata,
        };
        Should.Throw<WireFormatException>(() => shop.Write(e)).Code.ShouldBe(WireFormatError.NonFinite);
    }

    [Fact]
    [Trait("row", "S11.16")]
    public void Mistakes_in_a_registration_are_told_at_once()
    {
        Should.Throw<ArgumentException>(() => EventCatalogue.Platform.With(Shipped, Shipped)).Message.ShouldContain("'OrderShipped'");
        var twin = EventDescriptor.Create("OrderSent", "shop.orders", e => e.OrderId, ShopJson.Default.OrderShipped);
        Should.Throw<ArgumentException>(() => EventCatalogue.Platform.With(Shipped, twin)).Message.ShouldContain(nameof(OrderShipped));
        var sameName = EventDescriptor.Create("ModelCreated", "shop.orders", e => e.OrderId, ShopJson.Default.OrderShipped);
        Should.Throw<ArgumentException>(() => EventCatalogue.Platform.With(sameName)).Message.ShouldContain("'ModelCreated'");
        foreach (var topic in new[] { "", " ", ".", "..", "a b", "ä", "a:b", new string('x', 250), null })
        {
            Should.Throw<ArgumentException>(() => EventDescriptor.Create("X", topic!, e => e.OrderId, ShopJson.Default.OrderShipped))
                .Message.ShouldContain("'X'");
        }
        foreach (var name in new[] { "", " X", null })
            Should.Throw<ArgumentException>(() => EventDescriptor.Create(name!, "t", e => e.OrderId, ShopJson.Default.OrderShipped)).ParamName.ShouldBe("eventType");
        Should.Throw<ArgumentException>(() => EventDescriptor.Create("X", "t", null!, ShopJson.Default.OrderShipped)).Message.ShouldContain("has no key");
        var empty = EventDescriptor.Create("X", "t", _ => "", ShopJson.Default.OrderShipped);
        Should.Throw<InvalidOperationException>(() => empty.KeyOf(new OrderShipped
        {
            TenantId = "t",
            OrderId = "o",
            TotalPrice = 0,
            Weights = new Dictionary<string, double>(),
            ShippedAt = default,
        })).Message.ShouldContain("empty key");
    }

    [Theory]
    [InlineData("{\"event_type\":\"X\"", "X")]
    [InlineData("{\"event_type\":\"X\",nonsense", "X")]
    [InlineData("{\"data\":{\"event_type\":\"inner\"},\"event_type\":\"X\"}", "X")]
    [InlineData("{\"event_type\":7}", null)]
    [InlineData("{\"event_type\":\"\\ud800\"}", null)]
    [InlineData("{\"data\":{}}", null)]
    [InlineData("[\"event_type\",\"X\"]", null)]
    [InlineData("{\"event_type\"", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void The_event_type_is_peeked_from_the_bytes(string record, string? eventType) =>
        EventCatalogue.PeekEventType(Record.Utf8(record)).ShouldBe(eventType);
}
