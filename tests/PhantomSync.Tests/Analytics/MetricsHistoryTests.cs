using PhantomSync.Contracts;
using PhantomSync.Host.Analytics;
using PhantomSync.Host.Hosting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.History;
using PhantomSync.Kafka.Producing;
using PhantomSync.Tests.Kafka;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>What Kafka still has of the events that make metrics.</summary>
[Trait("row", "S14.17"), Trait("row", "S14.18")]
public sealed class MetricsHistoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_ends_where_the_topics_end_when_it_is_read_and_goes_on_from_there()
    {
        using var cluster = new MockCluster();
        foreach (var topic in EventCatalogue.Platform.Topics)
            cluster.CreateTopic(topic, 2);
        await using var sender = new KafkaRecordSender(cluster.Connect());
        await sender.PublishAsync(Enumerable.Range(0, 20).Select(i => Inference(i, Start)).Concat<ISyncEvent>([Performance(Start, Map(("cpu", 1))), Model()]));
        using var history = new MetricsHistory(cluster.Connect(), DateTimeOffset.UnixEpoch);
        history.CompleteFrom.ShouldBeNull();
        var (events, since) = (history.Events(Cancel), history.Since(Cancel));

        await sender.PublishAsync(Inference(20, Start));
        var read = events.ToArray();
        read.Length.ShouldBe(22);
        read.ShouldAllBe(item => !item.IsHandled);
        since.ShouldBeEmpty();

        await sender.PublishAsync(Inference(21, Start), Agent(Start, 1));
        since.Count().ShouldBe(2);
    }

    [Fact]
    public void A_topic_that_is_not_there_is_named()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("phantom.inference", 1);
        Should.Throw<HistoryUnavailableException>(() => new MetricsHistory(cluster.Connect(), DateTimeOffset.UnixEpoch)).Message.ShouldContain("Topic 'phantom.");
    }

    [Theory]
    [InlineData("2026-03-01T00:00:00Z", "2026-03-02T10:20:00Z", "2026-03-02T11:00:00Z")]
    [InlineData("2026-03-01T00:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z")]
    [InlineData("2026-03-03T00:30:00Z", "2026-03-02T10:20:00Z", "2026-03-03T00:30:00Z")]
    [InlineData("2026-03-03T00:30:00Z", null, "2026-03-03T00:30:00Z")]
    [InlineData("2026-02-01T00:00:00Z", null, "2026-02-13T12:00:00Z")]
    public void Compared_is_what_both_sides_have_whole(string from, string? completeFrom, string compared) =>
        Coverage.Comparable(
            new(DateTimeOffset.Parse(from), DateTimeOffset.MaxValue), completeFrom is null ? null : DateTimeOffset.Parse(completeFrom), TimeSpan.FromDays(30), DateTimeOffset.Parse("2026-03-15T11:30:00Z"))
            .From.ShouldBe(DateTimeOffset.Parse(compared));

    [Theory]
    [InlineData("2026-03-02T10:20:00Z", true)]
    [InlineData("2026-03-02T10:19:59Z", false)]
    public void A_rebuild_needs_everything(string from, bool allowed)
    {
        void Demand() => Coverage.Demand(new(DateTimeOffset.Parse(from), DateTimeOffset.MaxValue), DateTimeOffset.Parse("2026-03-02T10:20:00Z"));
        if (allowed)
            Demand();
        else
            Should.Throw<UserErrorException>(Demand).Message.ShouldContain("2026-03-02T10:20:00Z");
    }

    private static ModelDeleted Model() => new() { ModelId = "fraud", TenantId = "acme", DeletionReason = "old", DeletedBy = "alice", SyncMetadata = Inference(0, Start).SyncMetadata };
}
