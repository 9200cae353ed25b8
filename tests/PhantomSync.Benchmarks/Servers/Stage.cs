using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Npgsql;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>What one run works on: a database, brokers, a topic.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const int Partitions = 12;

    private readonly EmbeddedBroker? _broker;
    private readonly Func<Task> _drop;

    private Stage(string database, string topic, string kafka, EmbeddedBroker? broker, Func<Task> drop)
    {
        Kafka = kafka;
        Postgres = database;
        Topic = topic;
        _broker = broker;
        _drop = drop;
        Database = NpgsqlDataSource.Create(database);
        Catalogue = new EventCatalogue(EventDescriptor.Create(
            "InferenceCompleted", topic, e => PartitionKey.Of(e.TenantId, e.ModelId, e.InferenceId), EventJson.Default.InferenceCompleted)).With(JobEvents.On(topic));
    }

    public string Postgres { get; }

    public NpgsqlDataSource Database { get; }

    public string Kafka { get; }

    /// <summary>Whether the broker is the mock, which needs a client profile of its own.</summary>
    public bool IsEmbedded => TestServers.Kafka is null;

    public string Topic { get; }

    /// <summary>The platform's inference event and those of jobs on this run's topic.</summary>
    public EventCatalogue Catalogue { get; }

    /// <summary>Another process's stage.</summary>
    public static Stage Join(string database, string kafka, string topic) => new(database, topic, kafka, null, () => Task.CompletedTask);

    public static async Task<Stage> SetAsync(string database, string topic, Func<Task> drop, CancellationToken cancellationToken)
    {
        if (TestServers.Kafka is null)
        {
            var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), cancellation: cancellationToken);
            await broker.EnsureTopicsAsync([topic, DeadLetterRecord.Topic], Partitions, cancellationToken);
            await broker.EnsureTopicsAsync(EventCatalogue.Platform.Topics, 1, cancellationToken);
            return new Stage(database, topic, broker.BootstrapServers, broker, drop);
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = TestServers.Kafka }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = Partitions }]);
        return new Stage(database, topic, TestServers.Kafka, null, drop);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<string> TextAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How many records the topic has taken.</summary>
    public long RecordsInTopic()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Kafka, GroupId = "bench-count" }).Build();
        return Enumerable.Range(0, Partitions)
            .Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition(Topic, partition), TimeSpan.FromSeconds(10)).High.Value);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (_broker is not null)
            await _broker.DisposeAsync();
        await _drop();
    }
}
