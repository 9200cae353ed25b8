using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Producing;

/// <summary>
/// Sends over one idempotent Confluent producer, and over a new one when that has failed for good or the brokers have changed.
/// Thread-safe.
/// </summary>
public sealed partial class KafkaRecordSender : IRecordSender, IAsyncDisposable
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly KafkaConnection _connection;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile ProducerLife _life;
    private bool _disposed;

    /// <exception cref="InvalidOperationException">librdkafka does not accept the configuration.</exception>
    public KafkaRecordSender(KafkaConnection connection, ILogger<KafkaRecordSender>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _logger = logger ?? NullLogger<KafkaRecordSender>.Instance;
        _life = new ProducerLife(connection);
        connection.Address.Changed += BrokersChanged;
    }

    /// <inheritdoc/>
    public void Send(in OutgoingRecord record, IDeliveryReceiver receiver, int token)
    {
        var life = _life;
        if (life.Ended)
            life = Renew(life);
        life.Send(record, receiver, token);
    }

    /// <summary>Gives what is on its way five seconds to arrive; the rest is reported as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _connection.Address.Changed -= BrokersChanged;
        var life = _life;
        await Task.Run(() => life.Flush(FlushLimit));
        life.End("the sender was closed");
        await life.Gone;
    }

    private void BrokersChanged() => _life.End("the brokers have changed");

    private ProducerLife Renew(ProducerLife ended)
    {
        lock (_lock)
        {
            if (_life != ended || _disposed)
                return _life;
            LogRenewed(_logger, ended.Why);
            try
            {
                return _life = new ProducerLife(_connection);
            }
            catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
            {
                LogNotRenewed(_logger, failure);
                return ended; // It reports the record as one to send again, which is when this is tried again.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A new Kafka producer is needed: {Reason}. What the last one had not acknowledged is sent again.")]
    private static partial void LogRenewed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A new Kafka producer could not be made.")]
    private static partial void LogNotRenewed(ILogger logger, Exception failure);
}
