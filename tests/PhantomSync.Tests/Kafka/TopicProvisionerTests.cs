using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Topics;

namespace PhantomSync.Tests.Kafka;

[Trait("row", "S10.01")]
public sealed class TopicProvisionerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_of_the_embedded_broker_are_created_found_and_compared()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), cancellation: Cancellation);
        var provisioner = new TopicProvisioner(Brokers.Connect(broker), broker);
        (await provisioner.EnsureAsync([new TopicSpec { Name = "a", Partitions = 2 }], Cancellation)).ShouldBe([new TopicReport("a", TopicStatus.Created)]);
        var again = await provisioner.EnsureAsync([new TopicSpec { Name = "a", Partitions = 2 }, new TopicSpec { Name = "b", Partitions = 1 }], Cancellation);
        again.ShouldBe([new TopicReport("a", TopicStatus.Exists), new TopicReport("b", TopicStatus.Created)]);
        var differs = (await provisioner.EnsureAsync([new TopicSpec { Name = "a", Partitions = 3 }], Cancellation)).Single();
        differs.Status.ShouldBe(TopicStatus.Differs);
        differs.Remark!.ShouldContain("2 partitions");
    }

    [Fact]
    public async Task An_existing_topic_is_compared_through_the_admin_API_and_left_as_it_is()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("a", 2);
        var provisioner = new TopicProvisioner(cluster.Connect());
        (await provisioner.EnsureAsync([new TopicSpec { Name = "a", Partitions = 2, ReplicationFactor = 1 }], Cancellation)).Single().ShouldBe(new TopicReport("a", TopicStatus.Exists));
        var differs = (await provisioner.EnsureAsync([new TopicSpec { Name = "a", Partitions = 3, ReplicationFactor = 3 }], Cancellation)).Single();
        differs.Status.ShouldBe(TopicStatus.Differs);
        differs.Remark!.ShouldContain("it has 2 partitions, not 3");
        differs.Remark!.ShouldContain("it has 1 copies, not 3");
        differs.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_topic_of_somebody_else_is_reported_missing_and_not_created()
    {
        using var cluster = new MockCluster();
        var provisioner = new TopicProvisioner(cluster.Connect());
        var report = (await provisioner.EnsureAsync([new TopicSpec { Name = "theirs", ExternallyOwned = true }], Cancellation)).Single();
        report.Status.ShouldBe(TopicStatus.Missing);
        report.Remark.ShouldBe($"Topic 'theirs' does not exist on {cluster.BootstrapServers}. Create it or set Kafka:CreateTopics=true.");
        report.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_topic_that_may_not_be_looked_at_is_forbidden()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("secret", 1);
        cluster.SetTopicError("secret", ErrorCode.TopicAuthorizationFailed);
        var report = (await new TopicProvisioner(cluster.Connect()).EnsureAsync([new TopicSpec { Name = "secret", Partitions = 1 }], Cancellation)).Single();
        report.Status.ShouldBe(TopicStatus.Forbidden);
        report.Remark!.ShouldContain("Grant it Describe");
    }

    [Fact]
    public async Task A_broker_that_cannot_create_topics_is_said_with_topic_and_address()
    {
        using var cluster = new MockCluster();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => new TopicProvisioner(cluster.Connect()).EnsureAsync([new TopicSpec { Name = "new" }], Cancellation));
        failure.Message.ShouldContain("'new'");
        failure.Message.ShouldContain(cluster.BootstrapServers);
    }

    [Fact]
    public async Task Wrong_bootstrap_servers_are_said_with_the_setting_to_mend()
    {
        var provisioner = new TopicProvisioner(Brokers.Connect(new FixedBrokerAddress("127.0.0.1:1")));
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => provisioner.EnsureAsync([new TopicSpec { Name = "t" }], Cancellation));
        failure.Message.ShouldContain("127.0.0.1:1");
        failure.Message.ShouldContain("Kafka:BootstrapServers");
    }

    [Fact]
    [Trait("row", "S10.02")]
    public void Settings_are_compared_by_what_they_mean()
    {
        var wanted = new TopicSpec { Name = "t", Partitions = 3, Retention = TimeSpan.FromDays(7), MinInSyncReplicas = 2, CleanupPolicy = CleanupPolicy.CompactAndDelete };
        TopicDifference.Compare(wanted, 3, 3, settings: null).Status.ShouldBe(TopicStatus.Exists);
        var settings = new Dictionary<string, string> { ["retention.ms"] = "604800000", ["min.insync.replicas"] = "2", ["cleanup.policy"] = "delete, compact" };
        TopicDifference.Compare(wanted, 3, 3, settings).Status.ShouldBe(TopicStatus.Exists);
        settings["min.insync.replicas"] = "1";
        TopicDifference.Compare(wanted, 3, 3, settings).Remark.ShouldBe("min.insync.replicas is 1, not 2");
    }

    [Theory]
    [Trait("row", "S10.04")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("ünï")]
    public async Task A_name_that_Kafka_does_not_allow_is_refused_before_anything_is_asked(string name)
    {
        var provisioner = new TopicProvisioner(Brokers.Connect(new FixedBrokerAddress("127.0.0.1:1")));
        await Should.ThrowAsync<ValidationException>(() => provisioner.EnsureAsync([new TopicSpec { Name = name }], Cancellation));
    }

    [Fact]
    public async Task A_topic_that_could_never_take_a_record_is_refused()
    {
        var provisioner = new TopicProvisioner(Brokers.Connect(new FixedBrokerAddress("127.0.0.1:1")));
        await Should.ThrowAsync<ValidationException>(() => provisioner.EnsureAsync([new TopicSpec { Name = "t", ReplicationFactor = 1, MinInSyncReplicas = 2 }], Cancellation));
        await Should.ThrowAsync<ValidationException>(() => provisioner.EnsureAsync([new TopicSpec { Name = "t", Partitions = 0 }], Cancellation));
    }
}
