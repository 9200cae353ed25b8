using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.05")]
public sealed class MetricsTests
{
    [Fact]
    public void Every_class_of_double_travels_in_a_metrics_map() => Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Array[1, 20].Sample(values =>
    {
        double[] special = [0d, -0d, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue];
        var metrics = values.Concat(special).Select((value, i) => (i, value)).ToDictionary(p => $"m{p.i}", p => p.value);
        var e = Samples.TrainingJobCompleted with { FinalMetrics = metrics };
        var read = EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(e)).ShouldBeOfType<TrainingJobCompleted>();
        read.FinalMetrics.ShouldBe(e.FinalMetrics, ignoreOrder: true);
        read.AbsentMetrics.ShouldBeEmpty();
        read.ShouldBe(e);
    });

    [Fact]
    public void Null_in_a_map_is_absent_and_flagged_but_does_not_make_events_differ()
    {
        var record = Record.Of("PerformanceMetricsUpdated");
        record["data"]!["metrics"]!["lost"] = null;
        var read = EventCatalogue.Platform.Read(Record.Utf8(record)).ShouldBeOfType<PerformanceMetricsUpdated>();
        read.AbsentMetrics.ShouldBe(["lost"]);
        read.Metrics.ContainsKey("lost").ShouldBeFalse();
        read.ShouldBe(EventCatalogue.Platform.Read(Golden.Bytes("PerformanceMetricsUpdated")));
    }

    [Fact]
    public void A_name_that_is_null_and_also_named_as_non_finite_has_that_value()
    {
        var record = Record.Of("PerformanceMetricsUpdated");
        record["data"]!["metrics"]!["loss"] = null;
        record["data"]!["non_finite_metrics"] = new JsonObject { ["loss"] = "-Infinity", ["p99_ms"] = "NaN" };
        var read = EventCatalogue.Platform.Read(Record.Utf8(record)).ShouldBeOfType<PerformanceMetricsUpdated>();
        read.AbsentMetrics.ShouldBeEmpty();
        read.Metrics["loss"].ShouldBe(double.NegativeInfinity);
        read.Metrics["p99_ms"].ShouldBe(12.5);
    }

    [Fact]
    public void A_reader_that_knows_nothing_of_non_finite_metrics_finds_only_numbers()
    {
        var data = JsonNode.Parse(EventCatalogue.Platform.Write(Samples.TrainingJobCompleted))!["data"]!;
        data["final_metrics"]!.AsObject().Select(p => p.Key).ShouldBe(["accuracy", "epochs"]);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_non_finite_scalar_is_refused(double value, string text)
    {
        var e = Samples.InferenceCompleted with { Confidence = value };
        foreach (var fault in new[] { EventCatalogue.Platform.Validate(e)!, Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(e)) })
        {
            fault.Code.ShouldBe(WireFormatError.NonFinite);
            fault.Message.ShouldBe($"data.confidence: expected a finite number, found {text}");
        }
        var quotas = new TrainingJobStarted
        {
            TenantId = "tenant-1",
            JobId = "j",
            ModelId = "m",
            TrainingConfig = Samples.Json("{}"),
            ResourceAllocation = new() { CpuCores = value },
            StartedBy = "x",
            SyncMetadata = Samples.Metadata,
        };
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Write(quotas)).Field.ShouldBe("data.resource_allocation.cpu_cores");
    }

    [Fact]
    public void A_metric_keeps_its_odd_name()
    {
        var e = Samples.TrainingJobCompleted with { FinalMetrics = new Dictionary<string, double> { ["a\"\\\n é😀"] = 1, ["b\"\u0001"] = double.NaN, [""] = 2 } };
        EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(e)).ShouldBe(e);
        Encoding.UTF8.GetString(EventCatalogue.Platform.Write(e)).ShouldContain("""{"b\"\u0001":"NaN"}""");
    }
}
