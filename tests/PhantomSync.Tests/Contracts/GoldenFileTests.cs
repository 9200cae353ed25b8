using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.Tests.Conflicts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.01")]
public sealed class GoldenFileTests
{
    public static TheoryData<string> EventTypes => [.. Samples.All.Select(e => e.GetType().Name)];

    [Theory, MemberData(nameof(EventTypes))]
    [Trait("row", "S1.06")]
    public void An_event_is_written_byte_by_byte_as_its_golden_file(string eventType) =>
        Text(EventCatalogue.Platform.Write(Sample(eventType))).ShouldBe(Text(Golden.Bytes(eventType)));

    [Theory, MemberData(nameof(EventTypes))]
    public void A_golden_file_is_read_as_its_event(string eventType) =>
        EventCatalogue.Platform.Read(Golden.Bytes(eventType)).ShouldBe(Sample(eventType));

    [Theory, MemberData(nameof(EventTypes))]
    public void An_event_read_from_its_golden_file_is_written_back_byte_by_byte(string eventType) =>
        Text(EventCatalogue.Platform.Write(EventCatalogue.Platform.Read(Golden.Bytes(eventType)))).ShouldBe(Text(Golden.Bytes(eventType)));

    [Fact]
    [Trait("row", "S1.04")]
    [Trait("row", "S1.03")]
    [Trait("row", "S4.02")]
    [Trait("row", "S4.03")]
    public void Strategies_and_optional_ids_are_written_as_their_golden_files()
    {
        var batch = Samples.Metadata with
        {
            SyncStrategy = new SyncStrategy.BatchDelayed(10, 500),
            CorrelationId = null,
            RetryCount = uint.MaxValue,
            OccurredAt = Samples.Metadata.OccurredAt.ToMicroseconds(),
        };
        var eventual = Samples.Metadata with
        {
            SyncStrategy = new SyncStrategy.EventualConsistency(60_000),
            CausationId = Guid.Parse("0198c0de-0000-7000-8000-000000000003"),
        };
        foreach (var (file, metadata) in new[] { ("BatchDelayed", batch), ("EventualConsistency", eventual) })
        {
            var e = Samples.ModelDeleted.WithMetadata(metadata);
            Text(EventCatalogue.Platform.Write(e)).ShouldBe(Text(Golden.Bytes(file)));
            EventCatalogue.Platform.Read(Golden.Bytes(file)).ShouldBe(e);
        }
    }

    [Fact]
    [Trait("row", "S3.12")]
    public void Every_event_type_of_the_assembly_is_registered_and_has_a_golden_file_and_a_sample()
    {
        var types = typeof(ISyncEvent).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(ISyncEvent))).ToList();
        types.Count.ShouldBe(15 + CascadeEvents.All.Count + ConflictEvents.All.Count);
        foreach (var type in types)
        {
            EventCatalogue.Platform.With(CascadeEvents.All).With(ConflictEvents.All).TryGet(type, out var descriptor).ShouldBeTrue(type.Name);
            descriptor.EventType.ShouldBe(type.Name);
            Golden.Names().ShouldContain(type.Name);
            Samples.All.Concat(CascadeSamples.All).Concat(ConflictSamples.All).ShouldContain(e => e.GetType() == type);
        }
    }

    [Theory, MemberData(nameof(EventTypes))]
    [Trait("row", "S1.02")]
    public void The_fields_of_a_golden_file_are_the_properties_in_snake_case_and_in_order(string eventType)
    {
        var written = JsonElement.Parse(Golden.Bytes(eventType)).GetProperty("data").EnumerateObject().Select(p => p.Name);
        var declared = Sample(eventType).GetType().GetProperties()
            .Select(p => p.Name)
            .Where(name => name is not ("AbsentMetrics" or nameof(AuditLogCreated.Details)))
            .Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
        written.Where(name => name != "non_finite_metrics").ShouldBe(declared);
    }

    private static ISyncEvent Sample(string eventType) => Samples.All.Single(e => e.GetType().Name == eventType);

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
