using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>
/// Carries out what operators request for the dead letters of one endpoint: each letter through the endpoint's own handlers, in
/// a transaction with its removal, and then those parked behind it. It looks every second, and at once after a request in its
/// own process.
/// </summary>
internal sealed partial class DeadLetterReplay<TDbContext>(
    string group,
    EndpointDirectory endpoints,
    InboxParts<TDbContext> parts,
    OutboxSetup<TDbContext> setup,
    IServiceScopeFactory scopes,
    FailureClassifier failures,
    TimeProvider time,
    ILogger<DeadLetterReplay<TDbContext>> logger,
    Quarantine<TDbContext>? quarantine = null) : BackgroundService
    where TDbContext : DbContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly DeadLetterRequests _requests = new(parts.Tables, group, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var alarm = parts.LetterRequested.Subscribe(time);
        try
        {
            while (true)
            {
                await RunRoundAsync(stoppingToken);
                await alarm.WaitAsync(Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        if (!endpoints.TryGet(group, out var door))
            return;
        try
        {
            await setup.ReadyAsync(cancellationToken);
            for (Guid? after = Guid.Empty; after is not null;)
                after = await StepAsync(door, after.Value, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogStoreAway(group, exception.Message);
        }
    }

    /// <summary>Carries out the first request after <paramref name="after"/>.</summary>
    /// <returns>After which letter to look for the next; null where there is nothing to do now.</returns>
    private async Task<Guid?> StepAsync(EndpointDoor door, Guid after, CancellationToken cancellationToken)
    {
        Guid id;
        Exception failure;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
            if (await _requests.NextAsync(context, after, cancellationToken) is not { } next)
                return null;
            id = next;
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (await _requests.TakeAsync(context, id, cancellationToken) is not { } letter)
                return null;
            try
            {
                var state = letter.Summary.State == DeadLetterState.ReplayRequested
                    ? await HandleAsync(door, letter, scope, context, cancellationToken)
                    : DeadLetterState.Discarded;
                if (state != DeadLetterState.Waiting)
                    await _requests.CloseAsync(context, letter, state, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                LogClosed(group, id, state);
                return after;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure = exception;
            }
        }

        if (failures.IsTransient(failure))
        {
            // The request stands; it is tried again in the next round.
            LogWaiting(group, id, FailureName.Of(failure));
            return id;
        }

        LogFailed(group, id, FailureName.Of(failure));
        await using var fresh = scopes.CreateAsyncScope();
        await _requests.FailAsync(fresh.ServiceProvider.GetRequiredService<TDbContext>(), id, Innermost(failure).Message, failure.ToString(), cancellationToken);
        return id;
    }

    /// <returns>What the letter is then: it waits on where the gate holds it.</returns>
    private async Task<DeadLetterState> HandleAsync(EndpointDoor door, DeadLetterContent letter, AsyncServiceScope scope, TDbContext context, CancellationToken cancellationToken)
    {
        if (door.Read(Record(letter)) is not { } message)
            return DeadLetterState.Replayed;
        if (letter.Summary.IdempotencyKey is null && !await IsNewAsync(context, message, cancellationToken))
            return DeadLetterState.Replayed;
        if (quarantine is not null && await quarantine.JudgeAsync(context, letter.Summary, message, cancellationToken) is var (verdict, reason) && verdict != InboxVerdict.New)
        {
            await context.SaveChangesAsync(cancellationToken);
            if (verdict == InboxVerdict.Discarded)
                return DeadLetterState.Discarded;
            await _requests.HoldAsync(context, letter.Summary.Id, message, reason, cancellationToken);
            return DeadLetterState.Waiting;
        }

        scope.ServiceProvider.GetRequiredService<ScopedOutbox>().Use(typeof(TDbContext));
        var sagas = scope.ServiceProvider.GetRequiredService<SagaUnit>();
        sagas.Join(context);
        await door.DispatchAsync(message, scope, cancellationToken);
        await sagas.SaveAsync(context, scope.ServiceProvider.GetService<SagaStore<TDbContext>>(), cancellationToken);
        return DeadLetterState.Replayed;
    }

    /// <summary>Who a letter was that could not be read is known only now; all others stand in the inbox already.</summary>
    private async Task<bool> IsNewAsync(TDbContext context, ReceivedMessage message, CancellationToken cancellationToken)
    {
        var consumer = await parts.Store.RegisterAsync(context, group, cancellationToken);
        return (await parts.Store.AcceptAsync(context, consumer, group, [InboxEntries.Of(message)], cancellationToken))[0] switch
        {
            InboxVerdict.Duplicate => false,
            InboxVerdict.KeyReused => throw new UnreadableRecordException(
                $"Idempotency key '{message.Envelope.IdempotencyKey}' was used before by tenant '{message.Envelope.TenantId}' for other content."),
            _ => true,
        };
    }

    private static IncomingRecord Record(DeadLetterContent letter) => new()
    {
        Topic = letter.Summary.Topic,
        Partition = letter.Summary.Partition ?? 0,
        Offset = letter.Summary.Offset ?? 0,
        Key = letter.Summary.Key is { } key ? System.Text.Encoding.UTF8.GetBytes(key) : null,
        Body = letter.Body,
        Headers = HeaderCodec.ToKafka(letter.Headers),
        TimestampUtc = letter.Summary.FirstFailedAt.UtcDateTime,
    };

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: dead letter {Letter} is {State}")]
    private partial void LogClosed(string group, Guid letter, DeadLetterState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Group}: dead letter {Letter} failed again and goes on waiting, its reason with it: {Fault}")]
    private partial void LogFailed(string group, Guid letter, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: dead letter {Letter} must wait and is tried again: {Fault}")]
    private partial void LogWaiting(string group, Guid letter, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: the dead letters cannot be looked at yet: {Reason}")]
    private partial void LogStoreAway(string group, string reason);
}
