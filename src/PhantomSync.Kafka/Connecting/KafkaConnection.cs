using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PhantomSync.Kafka.Connecting;

/// <summary>
/// Makes the configuration of every Kafka client of this process, and the clients. A configuration holds for the brokers of the
/// moment: make a new one, and a new client, when <see cref="Address"/> says they have changed. Thread-safe.
/// </summary>
public sealed partial class KafkaConnection
{
    private readonly KafkaClientOptions _options;
    private readonly ILogger _logger;
    private readonly Lazy<GroupProtocol> _groupProtocol;

    /// <exception cref="ValidationException">An option is wrong; the message says which and how to mend it.</exception>
    public KafkaConnection(KafkaClientOptions options, IBrokerAddress address, ILogger<KafkaConnection>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(address);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        if (string.IsNullOrWhiteSpace(address.BootstrapServers))
            throw new ValidationException("Kafka:BootstrapServers is empty. Give the brokers as host:port, or use the embedded broker.");
        _options = options;
        _logger = logger ?? NullLogger<KafkaConnection>.Instance;
        Address = address;
        _groupProtocol = new Lazy<GroupProtocol>(ChooseGroupProtocol);
    }

    /// <summary>Where the brokers are.</summary>
    public IBrokerAddress Address { get; }

    /// <summary>Whether the brokers keep their log in memory, see <see cref="Embedded.VolatileLog"/>.</summary>
    public bool IsVolatile => _options.VolatileProfile;

    /// <summary>How groups share out partitions here. The first call may ask the brokers and so take some seconds.</summary>
    public GroupProtocol GroupProtocol => _groupProtocol.Value;

    /// <summary>For a producer that stores every record once, in order per partition, or says that it could not.</summary>
    public ProducerConfig Producer()
    {
        var config = Shared(new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            MessageSendMaxRetries = int.MaxValue,
            MaxInFlight = 5,
            CompressionType = _options.Compression,
            LingerMs = _options.LingerMs,
            BatchSize = _options.BatchBytes,
            MessageMaxBytes = _options.MaxMessageBytes,
            QueueBufferingMaxKbytes = _options.QueueKilobytes,

            // Who sends decides when to give up on a record; one that timed out may be in the log all the same.
            MessageTimeoutMs = 0,

            // As in Java, so that producers in all languages put a key into the same partition.
            Partitioner = Partitioner.Murmur2Random,
            DeliveryReportFields = "status",
        });
        if (_options.VolatileProfile)
        {
            // One request at a time, because the mock does not check sequence numbers: with more, an acknowledged record can be
            // missing. Small batches, because it drops data above 5 MiB in a partition batch by batch.
            config.MaxInFlight = 1;
            config.BatchSize = Math.Min(_options.BatchBytes, 262_144);
            config.MessageMaxBytes = Math.Min(_options.MaxMessageBytes, 900_000);
            config.MessageTimeoutMs = 30_000;
            config.SocketTimeoutMs = 5_000;
            config.RetryBackoffMs = 20;
            config.RetryBackoffMaxMs = 200;
        }

        return Finish(config);
    }

    /// <summary>For a member of <paramref name="group"/> that decides itself what is done and commits by hand.</summary>
    /// <param name="group">The group's id; null for a consumer that assigns itself and never commits.</param>
    /// <param name="reset">Where a group without a position starts. Not heeded by the volatile profile, which makes every lost position an error to be seen.</param>
    public ConsumerConfig Consumer(string? group, AutoOffsetReset reset = AutoOffsetReset.Earliest)
    {
        var config = Shared(new ConsumerConfig
        {
            // The client refuses to exist without one, although a consumer that assigns itself has no group.
            GroupId = group ?? $"{_options.EffectiveClientId}-alone",
            AutoOffsetReset = reset,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AllowAutoCreateTopics = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            MaxPollIntervalMs = _options.MaxPollIntervalMs,
            QueuedMaxMessagesKbytes = 16_384,
            QueuedMinMessages = 10_000,

            // A full queue stops fetching for this long; by default a second, in which a quick consumer has long run dry.
            FetchQueueBackoffMs = 10,
        });
        if (_options.VolatileProfile)
        {
            // The mock never wakes a waiting fetch: what it waits for at most is what a record waits on average.
            config.FetchWaitMaxMs = 5;
            config.AutoOffsetReset = AutoOffsetReset.Error;
            config.IsolationLevel = IsolationLevel.ReadUncommitted;
            config.SocketTimeoutMs = 5_000;
        }

        if (group is null)
            return Finish(config);
        if (GroupProtocol == GroupProtocol.Consumer)
        {
            config.GroupProtocol = GroupProtocol.Consumer;
        }
        else
        {
            config.SessionTimeoutMs = _options.SessionTimeoutMs;
            config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        }

        return Finish(config);
    }

    /// <summary>For looking at topics and groups, and making topics.</summary>
    public AdminClientConfig Admin()
    {
        var config = Shared(new AdminClientConfig());
        if (_options.VolatileProfile)
            config.SocketTimeoutMs = 5_000;
        return Finish(config);
    }

    /// <summary>A producer of bytes for the brokers of the moment.</summary>
    /// <param name="failed">Hears of errors that concern the client as a whole.</param>
    public IProducer<byte[], byte[]> BuildProducer(Action<Error>? failed = null)
    {
        var builder = new ProducerBuilder<byte[], byte[]>(Producer())
            .SetLogHandler((_, line) => Log(line))
            .SetErrorHandler((_, error) => failed?.Invoke(error));
        if (_options.RefreshOAuthToken is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler((client, settings) => refresh(client, settings));
        return builder.Build();
    }

    /// <summary>A builder of consumers of bytes for the brokers of the moment; the caller adds its rebalance handlers.</summary>
    public ConsumerBuilder<byte[], byte[]> ConsumerBuilder(ConsumerConfig config)
    {
        var builder = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, line) => Log(line));
        if (_options.RefreshOAuthToken is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler((client, settings) => refresh(client, settings));
        return builder;
    }

    /// <summary>An admin client for the brokers of the moment.</summary>
    public IAdminClient BuildAdmin() => BuildAdmin(Admin(), Log);

    private IAdminClient BuildAdmin(AdminClientConfig config, Action<LogMessage> log)
    {
        var builder = new AdminClientBuilder(config).SetLogHandler((_, line) => log(line)).SetErrorHandler(static (_, _) => { });
        if (_options.RefreshOAuthToken is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler((client, settings) => refresh(client, settings));
        return builder.Build();
    }

    private T Shared<T>(T config)
        where T : ClientConfig
    {
        config.BootstrapServers = Address.BootstrapServers;
        config.ClientId = _options.EffectiveClientId;
        return config;
    }

    private T Finish<T>(T config)
        where T : ClientConfig
    {
        foreach (var (name, value) in _options.Settings)
        {
            // librdkafka warns at every start of a consumer's setting on a producer, and the other way round.
            if (SettingScope.Fits<T>(name))
                config.Set(name, Secrets.Resolve(name, value));
        }

        _options.Configure?.Invoke(config);
        return config;
    }

    private GroupProtocol ChooseGroupProtocol() => _options.GroupProtocol switch
    {
        GroupProtocolChoice.Classic => GroupProtocol.Classic,
        GroupProtocolChoice.Consumer => GroupProtocol.Consumer,
        _ => _options.VolatileProfile || BrokersShareOutPartitions() ? GroupProtocol.Consumer : GroupProtocol.Classic,
    };

    /// <summary>
    /// Confluent.Kafka does not tell which APIs the brokers offer, except in its debug log. Version 1 of the heartbeat is the one
    /// of Kafka 4.0, where the protocol is finished; whatever cannot be read from the log means the classic protocol, which works everywhere.
    /// </summary>
    private bool BrokersShareOutPartitions()
    {
        var offered = false;
        var config = Admin();
        config.Debug = "feature";
        using var admin = BuildAdmin(config, line =>
        {
            if (line.Message.Contains("ConsumerGroupHeartbeat (68) Versions", StringComparison.Ordinal) && !line.Message.EndsWith("..0", StringComparison.Ordinal))
                Volatile.Write(ref offered, true);
        });
        try
        {
            _ = admin.GetMetadata(TimeSpan.FromSeconds(5));
        }
        catch (KafkaException failure)
        {
            LogNotAsked(_logger, Address.BootstrapServers, failure.Error.Reason);
        }

        return Volatile.Read(ref offered);
    }

    private void Log(LogMessage line) => LogClientSays(_logger, (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging), line.Name, line.Message);

    [LoggerMessage(Message = "{Client}: {Line}")]
    private static partial void LogClientSays(ILogger logger, LogLevel level, string client, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Brokers at {BootstrapServers} did not say whether they offer the new group protocol ({Reason}): the classic one is used. Set Kafka:GroupProtocol to choose.")]
    private static partial void LogNotAsked(ILogger logger, string bootstrapServers, string reason);
}
