using System.Text;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Tests.Riding;

public sealed class TopicEndpointTests : LedgerContract
{
    [Fact]
    public async Task Several_kinds_of_events_on_one_topic_are_handled_in_order()
    {
        var bed = await StartAsync();
        await bed.FloodAsync(Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? (ISyncEvent)RiderBed.Deleted($"{i}") : RiderBed.Created($"{i}")));
        (await bed.NotesAsync(300)).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
    }

    [Fact]
    public async Task The_header_lets_an_endpoint_pass_over_what_it_does_not_handle_unread()
    {
        var bed = await StartAsync();
        var headers = new Confluent.Kafka.Headers { { WireHeaders.EventType, "TrainingJobStarted"u8.ToArray() } };
        await bed.ProduceAsync(RiderBed.Models, "t:m", "this would not parse"u8.ToArray(), headers);
        await bed.ProduceAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_any_header_a_record_is_handled_like_ours()
    {
        var bed = await StartAsync();
        var plain = RiderBed.Written(RiderBed.Created("plain"));
        await bed.ProduceAsync(RiderBed.Models, plain.Key, plain.Body);
        await bed.ProduceAsync(RiderBed.Models, plain.Key, plain.Body, WireHeaders.Of(plain));
        var other = RiderBed.Written(new TenantSuspended { TenantId = "t", SuspensionReason = "x", SuspendedBy = "y" });
        await bed.ProduceAsync(RiderBed.Models, other.Key, other.Body);
        await bed.ProduceAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(2)).ShouldBe(["plain", "end"], "the one with headers is a duplicate of the one without");
    }

    [Fact]
    public async Task A_foreign_producer_is_handled_and_a_foreign_consumer_reads_what_we_write()
    {
        var bed = await StartAsync();
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = bed.Cluster.BootstrapServers }).Build())
            await producer.ProduceAsync(RiderBed.Models, new Message<string, string> { Key = "t:m", Value = Foreign("foreign") }, Cancel);
        await bed.NotesAsync(1);
        await bed.PublishAsync(RiderBed.Created("ours"));
        await bed.NotesAsync(2);

        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = bed.Cluster.BootstrapServers, GroupId = "foreign" }).Build();
        consumer.Assign(new TopicPartitionOffset(RiderBed.Models, 0, 1));
        var read = consumer.Consume(TimeSpan.FromSeconds(20)).ShouldNotBeNull();
        read.Message.Key.ShouldBe("t:m");
        read.Message.Value.ShouldStartWith("""{"event_type":"ModelCreated","data":{""");
        read.Message.Value.ShouldContain("""
            "name":"ours"
            """.Trim());
        read.Message.Headers.Select(header => header.Key).ShouldBe(
            ["event_type", "event_id", "idempotency_key", "tenant_id", "content_type", "MessageId"], ignoreOrder: true);
    }

    [Fact]
    public async Task Kcat_writes_to_us_and_reads_from_us()
    {
        Kcat.Require();
        var bed = await StartAsync();
        var note = "schön, \"quoted\"";
        await Kcat.RunAsync(["-P", "-b", bed.Cluster.BootstrapServers, "-t", RiderBed.Models, "-K", "\t"], "t:m\t" + Foreign(note) + "\n");
        (await bed.NotesAsync(1)).ShouldBe([note]);
        await bed.PublishAsync(RiderBed.Created("ours"));
        await bed.NotesAsync(2);
        var read = await Kcat.RunAsync(["-C", "-b", bed.Cluster.BootstrapServers, "-t", RiderBed.Models, "-o", "1", "-c", "1", "-f", "%k|%s|%h"], "");
        read.ShouldStartWith("""t:m|{"event_type":"ModelCreated","data":{""");
        read.ShouldContain("tenant_id=t");
    }

    [Fact, Trait("row", "S12.08")]
    public async Task Topics_follow_from_the_consumers_and_a_group_is_configured_once()
    {
        var twice = await Should.ThrowAsync<ConfigurationException>(() => RiderBed.CreateAsync(Store, new Plan { Rider = rider => rider.AddService<LedgerContext>("ledger", service => service.Consumer<ApplyModel>()) })
            .ContinueWith(bed => bed.Result.Services.GetRequiredService<IBusControl>(), Cancel, TaskContinuationOptions.None, TaskScheduler.Default));
        twice.Message.ShouldContain("'ledger'");
    }

    [Fact, Trait("row", "S10.05")]
    public async Task Health_says_that_endpoints_read_and_that_records_come_back()
    {
        var bed = await StartAsync(new Plan { Services = services => services.AddHealthChecks().AddKafkaHealthCheck() });
        await bed.ProduceAsync(RiderBed.Created("one"));
        await bed.NotesAsync(1);
        var health = bed.Services.GetRequiredService<HealthCheckService>();
        await Wait.ForAsync(async () => (await health.CheckHealthAsync(Cancel)).Status == HealthStatus.Healthy, "all is well");
        var report = await health.CheckHealthAsync(Cancel);
        report.Entries["kafka"].Status.ShouldBe(HealthStatus.Healthy);
        bed.Services.GetRequiredService<IBusControl>().CheckHealth().Endpoints.Keys.ShouldContain(name => name.Contains("kafka/ledger", StringComparison.Ordinal));
    }

    [Fact, Trait("row", "S9.09")]
    public async Task Health_says_that_an_endpoint_may_not_read_and_that_it_may_again()
    {
        var bed = await StartAsync();
        await bed.ProduceAsync(RiderBed.Created("one"));
        await bed.NotesAsync(1);
        var bus = bed.Services.GetRequiredService<IBusControl>();
        bed.Cluster.FailNext(KafkaApi.Fetch, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 3)]);
        await Wait.ForAsync(() => Task.FromResult(Status() == BusHealthStatus.Unhealthy), "the endpoint is ill");
        bed.Cluster.ClearErrors(KafkaApi.Fetch);
        await bed.ProduceAsync(RiderBed.Created("two"));
        await bed.NotesAsync(2);
        await Wait.ForAsync(() => Task.FromResult(Status() == BusHealthStatus.Healthy), "the endpoint is well again");

        BusHealthStatus Status() => bus.CheckHealth().Endpoints.Single(endpoint => endpoint.Key.Contains("kafka/ledger", StringComparison.Ordinal)).Value.Status;
    }

    [Fact]
    public async Task What_will_be_read_is_known_before_the_first_event_can_be_sent()
    {
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancel);
        await using var bed = await RiderBed.CreateAsync(Store, new Plan { Embedded = broker, VolatileLog = log });
        bed.Services.GetRequiredService<IRecordSender>();
        log.Floor(RiderBed.Models, 0).ShouldBe(0, "whoever can send must not forget what the group has yet to read");
    }

    private static string Foreign(string note) =>
        $$$$"""{"event_type":"ModelCreated","data":{"model_id":"m","tenant_id":"t","name":{{{{System.Text.Json.JsonSerializer.Serialize(note)}}}},"model_type":"x","algorithm":"y","created_by":"z","sync_metadata":{"event_id":"{{{{Guid.CreateVersion7()}}}}","source_service":"rust","source_version":"1.0.0","occurred_at":"2026-03-01T12:34:56Z","correlation_id":null,"causation_id":null,"tenant_id":"t","idempotency_key":"{{{{Guid.NewGuid()}}}}","retry_count":0,"sync_strategy":"Immediate"}}}""";

    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
