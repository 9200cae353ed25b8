using System.Text;
using System.Text.Json;
using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.Tests.Contracts;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What travels of conflicts, and of clocks in every event's metadata.</summary>
public sealed class ConflictEventTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Platform.With(ConflictEvents.All);

    [Fact, Trait("row", "S19.06")]
    public void They_are_written_byte_by_byte_as_their_golden_files_and_read_back()
    {
        foreach (var (name, e) in ((string, ISyncEvent)[])[("ConflictDetected", ConflictSamples.Detected), ("ConflictResolved", ConflictSamples.Resolved)])
        {
            Encoding.UTF8.GetString(Catalogue.Write(e)).ShouldBe(Encoding.UTF8.GetString(Golden.Bytes(name)));
            Catalogue.Write(Catalogue.Read(Golden.Bytes(name))).ShouldBe(Golden.Bytes(name));
        }
    }

    [Fact, Trait("row", "S19.06")]
    public void They_travel_by_resource_and_are_no_part_of_the_platforms_fifteen()
    {
        foreach (var e in ConflictSamples.All)
        {
            Catalogue.Describe(e).Topic.ShouldBe("phantom.conflicts");
            Catalogue.Describe(e).KeyOf(e).ShouldBe("tenant-1:ML_MODEL:model-42");
            EventCatalogue.Platform.TryGet(e.GetType(), out _).ShouldBeFalse();
        }

        EventCatalogue.Platform.Events.Count.ShouldBe(15);
    }

    [Fact, Trait("row", "S16.06"), Trait("row", "S1.01")]
    public void A_clock_in_the_metadata_is_written_where_there_is_one_and_nothing_where_there_is_none()
    {
        var updated = (ModelUpdated)Samples.All.Single(e => e is ModelUpdated);
        var clock = Changes.Clock(("model-service", 3), ("training_service", ulong.MaxValue));
        var said = (ModelUpdated)updated.WithMetadata(updated.SyncMetadata with { VectorClock = clock });
        var bytes = EventCatalogue.Platform.Write(said);
        Encoding.UTF8.GetString(bytes).ShouldContain("\"vector_clock\":{\"model-service\":3,\"training_service\":18446744073709551615}");
        EventCatalogue.Platform.Read(bytes).ShouldBe(said);
        Encoding.UTF8.GetString(EventCatalogue.Platform.Write(updated)).ShouldNotContain("vector_clock");
    }

    [Theory, Trait("row", "S16.07")]
    [InlineData("[1]", "expected an object of numbers by source")]
    [InlineData("{\"one\":\"2\"}", "expected an unsigned 64-bit integer")]
    [InlineData("{\"one\":-1}", "expected an unsigned 64-bit integer")]
    [InlineData("{\"\":1}", "expected an id")]
    public void A_clock_that_is_none_is_refused_by_name(string clock, string expected)
    {
        var text = Encoding.UTF8.GetString(Golden.Bytes("ModelUpdated")).Replace("\"sync_strategy\"", $"\"vector_clock\":{clock},\"sync_strategy\"", StringComparison.Ordinal);
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Encoding.UTF8.GetBytes(text)));
        fault.Message.ShouldContain("vector_clock");
        fault.Message.ShouldContain(expected);
    }

    [Fact, Trait("row", "S16.21")]
    public void They_are_audited_as_deeds_done_to_the_resource()
    {
        var detected = AuditEntries.Of(ConflictSamples.Detected, Catalogue);
        (detected.Action, detected.ResourceType, detected.ResourceId, detected.UserId, detected.EventType).ShouldBe(("DETECT_CONFLICT", "ML_MODEL", "model-42", "system:model-service", "ConflictDetected"));
        var resolved = AuditEntries.Of(ConflictSamples.Resolved, Catalogue);
        (resolved.Action, resolved.ResourceType, resolved.ResourceId, resolved.UserId).ShouldBe(("RESOLVE_CONFLICT", "ML_MODEL", "model-42", "alice"));
        resolved.Details.ShouldBe("""{"conflict_id":"0198c0de-0000-8000-8000-000000000009","fields":["name"],"strategy":"ManualResolution","winning_change":"none","reason":"agreed with both teams"}""");
    }
}
