using Microsoft.Extensions.Diagnostics.HealthChecks;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Health;

/// <summary>
/// Says whether events get through Kafka by sending one and reading it back, at a slow rate however often it is asked. The topic
/// must exist. For readiness: liveness does not depend on the brokers. Thread-safe.
/// </summary>
public sealed class KafkaHealthProbe : IHealthCheck, IAsyncDisposable
{
    private readonly KafkaConnection _connection;
    private readonly KafkaHealthOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private RoundTrip? _roundTrip;
    private HealthVerdict? _verdict;
    private long _tried;
    private int _brokersChanged;

    public KafkaHealthProbe(KafkaConnection connection, KafkaHealthOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _options = options ?? new KafkaHealthOptions();
        _time = time ?? TimeProvider.System;
        connection.Address.Changed += BrokersChanged;
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var verdict = await VerdictAsync(cancellationToken);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["since"] = verdict.Since,
            ["bootstrapServers"] = _connection.Address.BootstrapServers,
            ["topic"] = _options.Topic,
        };
        return new HealthCheckResult(verdict.Status, verdict.Reason, data: data);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        _connection.Address.Changed -= BrokersChanged;
        await _turn.WaitAsync();
        _roundTrip?.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    internal async Task<HealthVerdict> VerdictAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_verdict is null || _time.GetElapsedTime(_tried) >= _options.MinInterval)
            {
                var first = _verdict ?? new HealthVerdict(HealthStatus.Healthy, _time.GetUtcNow(), Reason: null, Run: 0);
                _verdict = await Task.Run(() => Try(first), _stop.Token);
                _tried = _time.GetTimestamp();
            }

            return _verdict;
        }
        finally
        {
            _turn.Release();
        }
    }

    private HealthVerdict Try(HealthVerdict last)
    {
        if (Interlocked.Exchange(ref _brokersChanged, 0) != 0)
            Renew();
        var start = _time.GetTimestamp();
        string? trouble;
        try
        {
            _roundTrip ??= new RoundTrip(_connection, _options.Topic);
            trouble = _roundTrip.Try(_options.Deadline, _time, _stop.Token);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            trouble = failure.Message; // librdkafka does not accept the configuration.
        }

        var took = _time.GetElapsedTime(start);
        if (trouble is not null)
        {
            // What a failed trial left behind, a record on its way or a broken client, must not spoil the next.
            Renew();
            trouble = $"Kafka at {_connection.Address.BootstrapServers}: {trouble}";
        }

        var slowness = took > _options.Slow ? $"Kafka at {_connection.Address.BootstrapServers}: a record took {took.TotalSeconds:0.0} s to come back" : null;
        return last.After(trouble, slowness, _options.Persistence, _time.GetUtcNow());
    }

    private void Renew()
    {
        _roundTrip?.Dispose();
        _roundTrip = null;
    }

    private void BrokersChanged() => Interlocked.Exchange(ref _brokersChanged, 1);
}
