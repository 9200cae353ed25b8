using System.Buffers;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

public sealed class RoundTripTests
{
    [Fact]
    [Trait("row", "S1.01")]
    [Trait("row", "S1.05")]
    [Trait("row", "S1.15")]
    public void Any_event_is_read_as_it_was_written() => Arbitrary.OneOfEach.Sample(
        events =>
        {
            foreach (var e in events)
            {
                var record = EventCatalogue.Platform.Write(e);
                var read = EventCatalogue.Platform.Read(record);
                read.ShouldBe(e);
                read.GetHashCode().ShouldBe(e.GetHashCode());
                EventCatalogue.Platform.Write(read).Length.ShouldBe(record.Length);
                EventCatalogue.PeekEventType(record).ShouldBe(e.GetType().Name);
            }
        },
        iter: 1_000);

    [Fact]
    public void A_buffer_gets_what_the_array_gets()
    {
        var buffer = new ArrayBufferWriter<byte>();
        EventCatalogue.Platform.Write(Samples.All[0], buffer);
        EventCatalogue.Platform.Write(Samples.All[1], buffer);
        buffer.WrittenSpan.ToArray().ShouldBe([.. EventCatalogue.Platform.Write(Samples.All[0]), .. EventCatalogue.Platform.Write(Samples.All[1])]);
    }

    [Fact]
    public void A_refused_event_leaves_nothing_in_the_buffer_and_the_next_one_is_whole()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Should.Throw<WireFormatException>(() =>
            EventCatalogue.Platform.Write(Samples.ModelDeleted with { DeletionReason = "half \ud800" }, buffer));
        buffer.WrittenCount.ShouldBe(0);
        EventCatalogue.Platform.Write(Samples.ModelDeleted, buffer);
        buffer.WrittenSpan.ToArray().ShouldBe(Golden.Bytes("ModelDeleted"));
    }

    [Fact]
    public void An_event_larger_than_the_pooled_buffer_travels()
    {
        var e = Samples.ModelDeleted with { DeletionReason = new string('é', 1_000_000) };
        EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(e)).ShouldBe(e);
    }

    [Fact]
    public void The_payload_may_stand_before_the_event_type()
    {
        var record = """{"data":{"tenant_id":"tenant-1","suspension_reason":"unpaid","suspended_by":"root","sync_metadata":"""
            + Record.Of("TenantSuspended")["data"]!["sync_metadata"]!.ToJsonString()
            + """},"event_type":"TenantSuspended"}""";
        EventCatalogue.Platform.Read(Record.Utf8(record)).ShouldBe(Samples.All[^1]);
        EventCatalogue.PeekEventType(Record.Utf8(record)).ShouldBe("TenantSuspended");
    }

    [Fact]
    [Trait("row", "S1.10")]
    public void Fields_nobody_knows_are_ignored_everywhere()
    {
        var record = Record.Of("TrainingJobStarted");
        record["new"] = new System.Text.Json.Nodes.JsonObject { ["x"] = 1 };
        record["data"]!["new"] = "x";
        record["data"]!["sync_metadata"]!["new"] = 1;
        record["data"]!["resource_allocation"]!["new"] = 1;
        EventCatalogue.Platform.Read(Record.Utf8(record)).ShouldBe(EventCatalogue.Platform.Read(Golden.Bytes("TrainingJobStarted")));
    }
}
