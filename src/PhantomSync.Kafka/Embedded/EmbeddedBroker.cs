using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Embedded;

/// <summary>
/// A Kafka broker for machines without one: librdkafka's mock cluster in a process of its own, which ends with this one. Its log
/// is in memory. When the process dies, a new and empty one takes its place, with the same topics, and <see cref="VolatileLog"/>
/// is told. Thread-safe.
/// </summary>
public sealed partial class EmbeddedBroker : IBrokerAddress, IAsyncDisposable
{
    private static readonly SearchValues<char> TopicCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly EmbeddedBrokerOptions _options;
    private readonly VolatileLog _log;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, int> _topics = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _change = new(1);
    private BrokerProcess _process;
    private Task _supervision = Task.CompletedTask;

    private EmbeddedBroker(EmbeddedBrokerOptions options, VolatileLog log, ILogger logger, TimeProvider time, BrokerProcess process)
    {
        _options = options;
        _log = log;
        _logger = logger;
        _time = time;
        _process = process;
    }

    /// <inheritdoc/>
    public string BootstrapServers => Volatile.Read(ref _process).BootstrapServers;

    /// <summary>New with every life of the broker.</summary>
    public Guid Incarnation => Volatile.Read(ref _process).Incarnation;

    /// <summary>The broker's process, for operators and for tests that kill it.</summary>
    public int ProcessId => Volatile.Read(ref _process).Id;

    /// <summary>The broker has begun a new, empty life; <see cref="VolatileLog"/> knows already.</summary>
    public event Action? Restarted;

    /// <inheritdoc/>
    public event Action? Changed
    {
        add => Restarted += value;
        remove => Restarted -= value;
    }

    /// <summary>Starts the broker's process and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has its last words, a port in use for instance.</exception>
    public static async Task<EmbeddedBroker> StartAsync(
        VolatileLog log,
        EmbeddedBrokerOptions? options = null,
        ILogger<EmbeddedBroker>? logger = null,
        TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (BrokerCommand.IsChild)
            throw new InvalidOperationException($"This process was started to be a broker: its Main must hand the verb '{BrokerCommand.Verb}' to BrokerServer.RunAsync before anything else.");
        options ??= new EmbeddedBrokerOptions();
        logger ??= NullLogger<EmbeddedBroker>.Instance;
        var broker = new EmbeddedBroker(options, log, logger, time ?? TimeProvider.System, await StartProcessAsync(options, logger, cancellation));
        LogStarted(logger, broker.ProcessId, broker.BootstrapServers);
        broker._supervision = broker.SuperviseAsync();
        return broker;
    }

    /// <summary>Creates the topics that are not there, in this life of the broker and in all to come; says which were new.</summary>
    /// <exception cref="InvalidOperationException">A topic is there with another number of partitions.</exception>
    public async Task<IReadOnlySet<string>> EnsureTopicsAsync(IEnumerable<string> topics, int partitions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        var wanted = topics.ToList();
        if (wanted.Find(static topic => topic.Length == 0 || topic.AsSpan().ContainsAnyExcept(TopicCharacters)) is { } wrong)
            throw new ArgumentException($"'{wrong}' is no name for a topic: letters, digits, '.', '_' and '-' only.", nameof(topics));
        var created = new HashSet<string>(StringComparer.Ordinal);
        foreach (var topic in wanted)
        {
            while (true)
            {
                try
                {
                    if (await EnsureTopicAsync(topic, partitions, cancellation))
                        created.Add(topic);
                    break;
                }
                catch (IOException) when (!_stop.IsCancellationRequested)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellation); // It died; its successor is on the way.
                }
            }
        }

        return created;
    }

    /// <summary>Ends the broker and its process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _supervision;
        await _process.DisposeAsync();
        _change.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            var created = await _process.CreateTopicAsync(topic, partitions, cancellation);
            _topics[topic] = partitions;
            return created;
        }
        finally
        {
            _change.Release();
        }
    }

    private static Task<BrokerProcess> StartProcessAsync(EmbeddedBrokerOptions options, ILogger logger, CancellationToken cancellation) =>
        BrokerProcess.StartAsync(BrokerCommand.Prepare(options.Command?.Invoke() ?? BrokerCommand.Default(), options.Port), logger, cancellation);

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                using var life = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var listening = _process.EndWhenDeafAsync(_time, life.Token);
                await _process.ExitedAsync(_stop.Token);
                await life.CancelAsync();
                await listening;
                LogDied(_logger, _process.Id);
                await ReplaceAsync();
                LogStarted(_logger, ProcessId, BootstrapServers);
                TellRestarted();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ReplaceAsync()
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            BrokerProcess? next = null;
            try
            {
                next = await StartProcessAsync(_options, _logger, _stop.Token);
                await AdoptAsync(next);
                return;
            }
            catch (Exception failure)
            {
                if (next is not null)
                    await next.DisposeAsync();
                if (failure is not (InvalidOperationException or IOException))
                    throw;
                LogNotStarted(_logger, failure, pause.TotalSeconds);
                await Task.Delay(pause, _time, _stop.Token);
            }
        }
    }

    private async Task AdoptAsync(BrokerProcess next)
    {
        await _change.WaitAsync(_stop.Token);
        try
        {
            foreach (var (topic, partitions) in _topics)
                await next.CreateTopicAsync(topic, partitions, _stop.Token);

            // First the log forgets, then clients can find the new broker: nothing they store there is forgotten with the old.
            _log.Reset();
            var last = Interlocked.Exchange(ref _process, next);
            await last.DisposeAsync();
        }
        finally
        {
            _change.Release();
        }
    }

    private void TellRestarted()
    {
        foreach (var listener in Restarted?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action)listener)();
            }
            catch (Exception failure)
            {
                LogListenerFailed(_logger, failure); // The others must still hear of it, and the next death must be noticed.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The embedded broker runs as process {Process} at {BootstrapServers}.")]
    private static partial void LogStarted(ILogger logger, int process, string bootstrapServers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded broker's process {Process} died, and its log with it. A new one is started; what consumers had not handled is sent again.")]
    private static partial void LogDied(ILogger logger, int process);

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded broker did not start again; next attempt in {Pause} s.")]
    private static partial void LogNotStarted(ILogger logger, Exception failure, double pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed to take note of the embedded broker's restart.")]
    private static partial void LogListenerFailed(ILogger logger, Exception failure);
}
