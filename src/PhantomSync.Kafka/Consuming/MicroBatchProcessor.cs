using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Handles the records of a partition in micro-batches: one scope, one transaction, the inbox first, the handlers in order,
/// one commit. If a handler throws, the batch is rolled back and halved until the message at fault stands alone, so that only
/// that one pays: it is tried again, and then put into the dead letters. A failure that passes is waited out.
/// </summary>
internal sealed partial class MicroBatchProcessor(
    string group,
    TopicEndpointOptions options,
    IWireFormat format,
    IInbox inbox,
    IMessageDispatcher dispatcher,
    IServiceScopeFactory scopes,
    FailureClassifier failures,
    TimeProvider time,
    ILogger logger) : IRecordBatchHandler
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly EndpointMetrics _metrics = new(group);

    public async Task HandleAsync(IReadOnlyList<IncomingRecord> records, PartitionTurn turn, CancellationToken cancellationToken)
    {
        FailPoint.Hit("cons.polled");
        _metrics.Delivered(records.Count);
        var readable = new List<ReceivedMessage>(records.Count);
        foreach (var record in records)
        {
            var letter = Read(record, readable);
            if (letter is null)
                continue;

            // What came before it is finished first, so that whatever follows of its key finds the letter in the store.
            await ProcessAsync(readable, turn, cancellationToken);
            readable.Clear();
            await PutAwayAsync(letter, turn, cancellationToken);
        }

        await ProcessAsync(readable, turn, cancellationToken);
    }

    /// <summary>Adds the record to <paramref name="readable"/>, passes over it, or returns why it cannot be read.</summary>
    private DeadLetter? Read(IncomingRecord record, List<ReceivedMessage> readable)
    {
        if (record.Body is null)
        {
            _metrics.Skipped(1);
            return null;
        }

        var name = WireHeaders.Text(record.Headers, WireHeaders.EventType) ?? format.PeekName(record.Body);
        if (name is not null)
        {
            if (!format.TryGet(name, out var type))
            {
                if (options.UnknownTypes == UnknownTypePolicy.Skip)
                {
                    _metrics.Skipped(1);
                    return null;
                }

                return new DeadLetter(group, record, name, null, $"event_type '{name}' is not known to this release.", null, 0, BlocksKey: false) { Fault = "unknown event type" };
            }

            if (!dispatcher.Handles(type))
            {
                _metrics.Skipped(1);
                return null;
            }
        }

        try
        {
            var content = format.Read(record.Body);
            if (dispatcher.Handles(content.Type))
                readable.Add(new ReceivedMessage(record, content));
            else
                _metrics.Skipped(1);
            return null;
        }
        catch (UnreadableRecordException exception)
        {
            return new DeadLetter(group, record, name, null, exception.Message, null, 0, BlocksKey: true) { Fault = FailureName.Of(exception) };
        }
        catch (Exception exception)
        {
            // A fault of the format itself: the record would fail the same way for ever.
            return new DeadLetter(group, record, name, null, $"The wire format failed on it: {exception.Message}", exception.ToString(), 0, BlocksKey: true) { Fault = FailureName.Of(exception) };
        }
    }

    private async Task ProcessAsync(List<ReceivedMessage> messages, PartitionTurn turn, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return;

        var pause = options.RetryInterval;

        // What passes by itself is not held against the message.
        var failed = 0;
        for (var attempt = 1; ; attempt++)
        {
            Exception failure;
            try
            {
                await HandleOnceAsync(messages, turn, cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            cancellationToken.ThrowIfCancellationRequested();
            _metrics.Retried();
            if (failures.IsTransient(failure))
            {
                LogWaiting(group, messages[0].Record.ToString(), messages.Count, attempt, pause.TotalMilliseconds, FailureName.Of(failure));
            }
            else if (messages.Count > 1)
            {
                var half = messages.Count / 2;
                await ProcessAsync(messages.GetRange(0, half), turn, cancellationToken);
                await ProcessAsync(messages.GetRange(half, messages.Count - half), turn, cancellationToken);
                return;
            }
            else if (++failed >= options.Attempts)
            {
                var message = messages[0];
                await PutAwayAsync(
                    new DeadLetter(group, message.Record, message.Content.Type.Name, message.Envelope, Innermost(failure).Message, failure.ToString(), failed, BlocksKey: !IsSetAside(failure)) { Fault = FailureName.Of(failure) },
                    turn,
                    cancellationToken);
                return;
            }

            await turn.RestAsync(Jittered(pause), time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task HandleOnceAsync(List<ReceivedMessage> messages, PartitionTurn turn, CancellationToken cancellationToken)
    {
        FailPoint.Hit("cons.before_tx");
        var started = time.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await inbox.BeginAsync(scope.ServiceProvider, cancellationToken);
        var verdicts = await transaction.AcceptAsync(messages, cancellationToken);
        FailPoint.Hit("cons.after_inbox");

        int duplicates = 0, parked = 0, discarded = 0;
        List<DeadLetter>? reused = null;
        List<ReceivedMessage> fresh;
        if (verdicts.All(static verdict => verdict == InboxVerdict.New))
        {
            fresh = messages;
        }
        else
        {
            fresh = new List<ReceivedMessage>(messages.Count);
            for (var i = 0; i < messages.Count; i++)
            {
                switch (verdicts[i])
                {
                    case InboxVerdict.New:
                        fresh.Add(messages[i]);
                        break;
                    case InboxVerdict.Duplicate:
                        duplicates++;
                        break;
                    case InboxVerdict.Parked:
                        parked++;
                        break;
                    case InboxVerdict.Discarded:
                        discarded++;
                        break;
                    case InboxVerdict.KeyReused:
                        (reused ??= []).Add(KeyReused(messages[i]));
                        break;
                }
            }
        }

        if (fresh.Count > 0)
        {
            await transaction.PrepareAsync(fresh, cancellationToken);
            await dispatcher.DispatchAsync(fresh, scope, cancellationToken);
        }

        FailPoint.Hit("cons.before_commit");
        await transaction.CommitAsync(cancellationToken);
        FailPoint.Hit("cons.after_commit");
        _metrics.Handled(fresh.Count, duplicates, parked, discarded, time.GetElapsedTime(started).TotalSeconds);

        foreach (var letter in reused ?? [])
            await PutAwayAsync(letter, turn, cancellationToken);
    }

    private DeadLetter KeyReused(ReceivedMessage message) => new(
        group,
        message.Record,
        message.Content.Type.Name,
        message.Envelope,
        $"Idempotency key '{message.Envelope.IdempotencyKey}' was used before by tenant '{message.Envelope.TenantId}' for other content.",
        null,
        1,
        BlocksKey: false)
    {
        Fault = "idempotency key reused",
    };

    /// <summary>Keeps at it until the letter is safe: the offset must not move before.</summary>
    private async Task PutAwayAsync(DeadLetter letter, PartitionTurn turn, CancellationToken cancellationToken)
    {
        for (var pause = options.RetryInterval; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await inbox.DeadLetterAsync(letter, cancellationToken);
                _metrics.DeadLettered();
                LogDeadLetter(group, letter.Record.ToString(), letter.EventType, KeyText(letter.Record.Key), letter.Fault);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogDeadLetterStoreAway(group, letter.Record.ToString(), FailureName.Of(exception));
                await turn.RestAsync(Jittered(pause), time, cancellationToken);
            }
        }
    }

    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.75 + (Random.Shared.NextDouble() / 2));

    private static string? KeyText(byte[]? key) => key is null ? null : Encoding.UTF8.GetString(key);

    private static bool IsSetAside(Exception exception) => exception is SetAsideException || (exception.InnerException is { } inner && IsSetAside(inner));

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: a batch of {Count} from {Record} must wait (attempt {Attempt}, next in {Pause:F0} ms): {Fault}")]
    private partial void LogWaiting(string group, string record, int count, int attempt, double pause, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Group}: {Record} ({EventType}, key {Key}) went to the dead letters, its reason with it: {Fault}")]
    private partial void LogDeadLetter(string group, string record, string? eventType, string? key, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: {Record} cannot be put into the dead letters yet; its partition waits: {Fault}")]
    private partial void LogDeadLetterStoreAway(string group, string record, string fault);
}
