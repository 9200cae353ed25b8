using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

public sealed class PublishRulesTests
{
    [Fact]
    [Trait("row", "S3.11")]
    public void An_event_without_metadata_is_valid_but_cannot_be_written()
    {
        var e = new TenantSuspended { TenantId = "t", SuspensionReason = "unpaid", SuspendedBy = "root" };
        e.SyncMetadata.ShouldBeSameAs(SyncMetadata.Unset);
        EventCatalogue.Platform.Validate(e).ShouldBeNull();
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(e)).Code.ShouldBe(WireFormatError.MetadataNotSet);
        e.WithMetadata(Samples.Metadata).SyncMetadata.ShouldBe(Samples.Metadata);
        e.SyncMetadata.ShouldBeSameAs(SyncMetadata.Unset);
    }

    [Fact]
    [Trait("row", "S3.07")]
    public void Metadata_of_another_tenant_is_refused_before_it_travels()
    {
        var e = Samples.ModelDeleted.WithMetadata(Samples.Metadata with { TenantId = "tenant-2" });
        EventCatalogue.Platform.Validate(e)!.Code.ShouldBe(WireFormatError.TenantMismatch);
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(e)).Code.ShouldBe(WireFormatError.TenantMismatch);
    }

    [Theory]
    [InlineData(1u, 1ul, null)]
    [InlineData(10_000u, 3_600_000ul, null)]
    [InlineData(0u, 1ul, "batch_size")]
    [InlineData(10_001u, 1ul, "batch_size")]
    [InlineData(1u, 0ul, "delay_ms")]
    [InlineData(1u, 3_600_001ul, "delay_ms")]
    [Trait("row", "S4.02")]
    [Trait("row", "S4.03")]
    public void A_strategy_outside_its_limits_is_refused_when_published(uint size, ulong delay, string? field)
    {
        var batch = EventCatalogue.Platform.Validate(With(new SyncStrategy.BatchDelayed(size, delay)));
        batch?.Field.ShouldBe("data.sync_metadata.sync_strategy.BatchDelayed." + field);
        (batch is null).ShouldBe(field is null);
        var eventual = EventCatalogue.Platform.Validate(With(new SyncStrategy.EventualConsistency(delay)));
        (eventual is null).ShouldBe(field != "delay_ms");
        eventual?.Code.ShouldBe(WireFormatError.LimitExceeded);

        static ISyncEvent With(SyncStrategy strategy) => Samples.ModelDeleted.WithMetadata(Samples.Metadata with { SyncStrategy = strategy });
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", WireFormatError.DuplicateKey)]
    [InlineData("1e400", WireFormatError.NumberOutOfRange)]
    [InlineData("\"\\u0000\"", WireFormatError.InvalidString)]
    [InlineData("\"\\ud800\"", WireFormatError.InvalidValue)]
    [Trait("row", "S1.13")]
    public void Free_form_JSON_that_no_reader_would_accept_is_not_written(string value, WireFormatError code) =>
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(Samples.InferenceCompleted with { Prediction = Samples.Json(value) }))
            .Code.ShouldBe(code);

    [Fact]
    public void Text_that_UTF8_or_a_database_cannot_hold_is_not_written()
    {
        // Not a theory: half surrogate pairs do not survive as test arguments.
        foreach (var text in new[] { "a\0b", "a\ud800", "\udc00\ud800", "😀\ude00" })
        {
            var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(Samples.ModelDeleted with { DeletionReason = text }));
            (fault.Code, fault.Field).ShouldBe((WireFormatError.InvalidString, "data.deletion_reason"));
            var changes = new Dictionary<string, JsonElement> { [text] = default };
            var update = new TenantUpdated { TenantId = "tenant-1", Changes = changes, UpdatedBy = "x", SyncMetadata = Samples.Metadata };
            Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(update)).Code.ShouldBe(WireFormatError.InvalidString);
            var metrics = Samples.TrainingJobCompleted with { FinalMetrics = new Dictionary<string, double> { [text] = 1 } };
            Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(metrics)).Code.ShouldBe(WireFormatError.InvalidString);
        }
    }

    [Fact]
    public void Null_where_there_must_be_a_value_is_refused_as_anything_else()
    {
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(Samples.ModelDeleted with { DeletionReason = null! }));
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(Samples.ModelDeleted with { SyncMetadata = null! }));
        EventCatalogue.Platform.Validate(Samples.ModelDeleted with { ModelId = null! })!.Field.ShouldBe("data.model_id");
    }

    [Fact]
    [Trait("row", "S17.02")]
    public void A_quota_is_a_number_or_explicitly_unlimited()
    {
        Quota.Unlimited.Allows(ulong.MaxValue).ShouldBeTrue();
        Quota.Of(3).Allows(3).ShouldBeTrue();
        Quota.Of(3).Allows(4).ShouldBeFalse();
        default(Quota).Allows(1).ShouldBeFalse();
        Quota.Unlimited.ShouldNotBe(Quota.Of(0));
    }

    [Fact]
    public void Events_are_equal_when_they_say_the_same()
    {
        var one = Samples.InferenceCompleted with { InputFeatures = Samples.Json("{\"a\":1,\"b\":[1.0]}") };
        var same = Samples.InferenceCompleted with { InputFeatures = Samples.Json("{ \"b\": [1.0], \"a\": 1 }") };
        var other = Samples.InferenceCompleted with { InputFeatures = Samples.Json("{\"a\":1,\"b\":[2.0]}") };
        one.ShouldBe(same);
        one.GetHashCode().ShouldBe(same.GetHashCode());
        one.ShouldNotBe(other);
        (Samples.TrainingJobCompleted with { FinalMetrics = new Dictionary<string, double> { ["x"] = 1 } }).ShouldNotBe(Samples.TrainingJobCompleted);
    }
}
