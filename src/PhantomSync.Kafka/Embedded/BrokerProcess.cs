using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PhantomSync.Kafka.Embedded;

/// <summary>One life of the broker's process, seen from its parent.</summary>
internal sealed partial class BrokerProcess : IAsyncDisposable
{
    /// <summary>A cold .NET start on a busy machine; after that every answer comes in milliseconds.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentQueue<string> _complaints = new();

    private BrokerProcess(Process process, ILogger logger)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data))
                return;
            LogBrokerSays(logger, line.Data);
            _complaints.Enqueue(line.Data);
            if (_complaints.Count > 10)
                _complaints.TryDequeue(out string? _);
        };
        process.BeginErrorReadLine();
        Id = process.Id;
    }

    public int Id { get; }

    public string BootstrapServers { get; private set; } = "";

    public Guid Incarnation { get; private set; }

    public static async Task<BrokerProcess> StartAsync(ProcessStartInfo command, ILogger logger, CancellationToken cancellation)
    {
        var words = $"{command.FileName} {string.Join(' ', command.ArgumentList)}";
        Process process;
        try
        {
            process = Process.Start(command)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new InvalidOperationException($"The embedded broker did not start: '{words}' cannot be run ({failure.Message}).", failure);
        }

        var broker = new BrokerProcess(process, logger);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(StartLimit, cancellation);
            var ready = Understand(line) ?? throw new InvalidOperationException(await broker.WhyItFailedAsync(words, line));
            broker.BootstrapServers = ready.BootstrapServers;
            broker.Incarnation = ready.Incarnation;
            return broker;
        }
        catch (Exception failure)
        {
            await broker.DisposeAsync();
            if (failure is TimeoutException)
                throw new InvalidOperationException($"The embedded broker did not start: '{words}' said nothing for {StartLimit.TotalSeconds:0} s.", failure);
            throw;
        }
    }

    /// <summary>Ends with the process, whatever ends it.</summary>
    public Task ExitedAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>
    /// Ends a process that lives and does not listen any more: librdkafka's mock cluster has been seen to close its port for good
    /// after it was frozen. A new life is better than none.
    /// </summary>
    public async Task EndWhenDeafAsync(TimeProvider time, CancellationToken cancellation)
    {
        var address = IPEndPoint.Parse(BootstrapServers);
        try
        {
            for (var refused = 0; refused < 3;)
            {
                await Task.Delay(ProbeInterval, time, cancellation);
                refused = await RefusesAsync(address, cancellation) ? refused + 1 : 0;
            }

            _process.Kill();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It has ended, or is not needed any more.
        }
    }

    /// <summary>True if the topic was created, false if it was there.</summary>
    /// <exception cref="InvalidOperationException">It is there with another number of partitions.</exception>
    /// <exception cref="IOException">The process has ended or does not answer.</exception>
    public async Task<bool> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        var answer = await AskAsync($"create-topic {topic} {partitions}", cancellation);
        return answer switch
        {
            "created" => true,
            "exists" => false,
            _ => throw new InvalidOperationException($"Topic '{topic}' was not created on the embedded broker at {BootstrapServers}: {answer}"),
        };
    }

    /// <summary>Closes its input, which asks it to end; kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException)
        {
            _process.Kill();
        }
        finally
        {
            _process.Dispose();
            _turn.Dispose();
        }
    }

    /// <summary>A broker that is frozen still accepts: its kernel does.</summary>
    private static async Task<bool> RefusesAsync(IPEndPoint address, CancellationToken cancellation)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ProbeInterval);
            await socket.ConnectAsync(address, limit.Token);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static BrokerReady? Understand(string? line)
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize(line, BrokerJson.Default.BrokerReady);
        }
        catch (JsonException)
        {
            return null; // Some other program's words: the caller quotes them.
        }
    }

    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Once asked, the answer must be read, or the next question would get it: the caller's token ends only the wait for a turn.
            await _process.StandardInput.WriteLineAsync(command);
            await _process.StandardInput.FlushAsync(CancellationToken.None);
            return await _process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(AnswerLimit, CancellationToken.None)
                ?? throw new IOException("its process has ended");
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            throw new IOException($"The embedded broker at {BootstrapServers} (process {Id}) did not answer '{command}': {failure.Message}", failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string> WhyItFailedAsync(string words, string? line)
    {
        if (line is not null)
            return $"The embedded broker did not start: '{words}' is not a broker, it said '{line}'. A program that embeds one hands the verb '{BrokerCommand.Verb}' to BrokerServer.RunAsync.";
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        return _process.ExitCode == BrokerServer.PortTaken
            ? $"The embedded broker did not start: {string.Join(' ', _complaints).Replace("broker: ", "", StringComparison.Ordinal)}"
            : $"The embedded broker did not start: '{words}' ended with {_process.ExitCode}. {string.Join(' ', _complaints)}";
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Embedded broker: {Line}")]
    private static partial void LogBrokerSays(ILogger logger, string line);
}
