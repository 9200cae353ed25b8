using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>
/// One worker that empties an outbox into Kafka: own lanes, read a batch, send it with one unacknowledged event per key,
/// delete what was acknowledged, again. Any number of workers on any number of hosts share an outbox.
/// Stop: no further event is handed over; the reports on those in flight are awaited for
/// <see cref="OutboxRelayOptions.StopWithin"/>; what was acknowledged is deleted; the lanes are free.
/// </summary>
internal sealed partial class OutboxRelay(
    IOutboxStore store,
    IRecordSender sender,
    OutboxRelayOptions options,
    TimeProvider time,
    RelaySignal signal,
    VolatileLog? volatileLog,
    RelayMetrics metrics,
    ILogger logger)
{
    private const int FewRows = 128;

    private readonly TopicGates _gates = new(time, options.BackoffMin, options.BackoffMax, Random.Shared.NextDouble);
    private readonly UnconsumedRecords _unconsumed = new();
    private readonly List<OutboxRow> _rows = [];
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _full = new(StringComparer.Ordinal);
    private int _incarnation;
    private int _batchRows = options.BatchRows;

    /// <summary>Runs until stopped; what fails is tried again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var alarm = signal.Subscribe(time);
        if (volatileLog is not null)
            volatileLog.Advanced += alarm.Ring;
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var session = await store.OpenAsync(stopping);
                await WorkAsync(session, alarm, () => failures = Recovered(failures), stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // Whatever it was, the session and its lanes are given up; a new one begins from what the database says.
                FailPoint.Hit("relay.lease_lost");
                _unconsumed.Clear();
                if (failures++ == 0)
                    LogLost(exception, store.Name);
                await PauseAsync(TopicGates.Pause(failures, options.BackoffMin, options.BackoffMax, Random.Shared.NextDouble()), stopping);
            }
        }

        if (volatileLog is not null)
            volatileLog.Advanced -= alarm.Ring;
    }

    private async Task WorkAsync(IOutboxSession session, RelayAlarm alarm, Action recovered, CancellationToken stopping)
    {
        long lanesSeen = 0, measured = 0;
        var held = 0;
        var idle = options.PollMin;
        _incarnation = volatileLog?.Incarnation ?? 0;
        while (!stopping.IsCancellationRequested)
        {
            if (lanesSeen == 0 || time.GetElapsedTime(lanesSeen) >= (held == 0 && options.PollMax < options.LaneRefresh ? options.PollMax : options.LaneRefresh))
            {
                held = await ShareLanesAsync(session, stopping);
                lanesSeen = time.GetTimestamp();
            }

            if (measured == 0 || time.GetElapsedTime(measured) >= options.MeasureEvery)
            {
                metrics.Current = await session.MeasureAsync(stopping);
                measured = time.GetTimestamp();
            }

            if (volatileLog is not null)
                await FollowBrokerAsync(session, volatileLog, stopping);
            var began = TimeProvider.System.GetTimestamp();
            await session.ReadAsync(Request(), _rows, stopping);
            if (volatileLog is not null)
                LeaveOutFullTopics(volatileLog);
            recovered();
            if (_rows.Count == 0)
            {
                await alarm.WaitAsync(idle < options.LaneRefresh ? idle : options.LaneRefresh, stopping);
                idle = idle * 1.5 < options.PollMax ? idle * 1.5 : options.PollMax;
                continue;
            }

            idle = options.PollMin;
            FailPoint.Hit("relay.after_claim");
            var cycle = new RelayCycle(
                _rows, sender, volatileLog, _incarnation, time, options.CycleTime,
                volatileLog is null ? options.MaxRecordBytes : Math.Min(options.MaxRecordBytes, options.VolatileMaxRecordBytes));
            if (!await SendAsync(session, cycle, stopping))
                break;
            await SettleAsync(session, cycle);
            if (cycle.Rows.Length < FewRows)
                await KeepPaceAsync(began, stopping);
        }
    }

    /// <summary>A read costs the same for one event as for a hundred. The host's own clock: it is the machine that is spared.</summary>
    private Task KeepPaceAsync(long began, CancellationToken stopping) =>
        options.Pace - TimeProvider.System.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? Task.Delay(left, stopping) : Task.CompletedTask;

    /// <summary>False where Kafka did not report in time while stopping.</summary>
    private async Task<bool> SendAsync(IOutboxSession session, RelayCycle cycle, CancellationToken stopping)
    {
        await using var stop = stopping.UnsafeRegister(static cycle => ((RelayCycle)cycle!).Cut(), cycle);
        cycle.Start();
        try
        {
            while (!await EndsWithinAsync(cycle, options.Heartbeat, stopping))
                await session.HeartbeatAsync(stopping);
        }
        catch
        {
            // Stopped, or the connection is lost: nothing new may leave, and what is in flight would only be sent twice.
            cycle.Cut();
            var ended = await EndsWithinAsync(cycle, options.StopWithin, CancellationToken.None);
            if (stopping.IsCancellationRequested)
                return ended;
            throw;
        }

        return true;
    }

    private async Task<bool> EndsWithinAsync(RelayCycle cycle, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (cycle.Done.IsCompleted)
            return true;
        try
        {
            await cycle.Done.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Not cancelled by a stop: what was acknowledged is deleted.</summary>
    private async Task SettleAsync(IOutboxSession session, RelayCycle cycle)
    {
        FailPoint.Hit("relay.after_ack");
        var lost = volatileLog is not null && volatileLog.Incarnation != _incarnation;
        var stored = new List<int>(cycle.Rows.Length);
        var refused = new List<int>();
        var failed = 0;
        for (var i = 0; i < cycle.Rows.Length; i++)
        {
            if (cycle.IsStored(i) && !lost)
                stored.Add(i);
            else if (cycle.IsRefused(i))
                refused.Add(i);
            else if (cycle.IsFailed(i))
                failed++;
        }

        if (stored.Count > 0)
            await ForgetAsync(session, cycle, stored);
        foreach (var index in refused)
            await RefuseAsync(session, cycle.Rows[index], cycle.Reason(index));
        if (failed > 0 || stored.Count > 0)
            PauseTopics(cycle, stored);
        // A cycle that was cut by its age reads less next time: most of it would only be read again.
        _batchRows = cycle.WasCut ? Math.Clamp(2 * stored.Count, Math.Min(256, options.BatchRows), options.BatchRows) : options.BatchRows;
        metrics.Cycle(cycle.Rows.Length, stored.Count, refused.Count, failed);
    }

    private async Task ForgetAsync(IOutboxSession session, RelayCycle cycle, List<int> stored)
    {
        FailPoint.Hit("relay.in_delete");
        var positions = new long[stored.Count];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = cycle.Rows[stored[i]].Position;
        if (volatileLog is null)
        {
            var ids = new Guid[stored.Count];
            for (var i = 0; i < ids.Length; i++)
                ids[i] = cycle.Rows[stored[i]].Id;
            await session.DeleteAsync(positions, ids, CancellationToken.None);
            return;
        }

        await session.MarkSentAsync(positions, CancellationToken.None);
        foreach (var index in stored)
        {
            var (partition, offset) = cycle.StoredAt(index);
            _unconsumed.Add(cycle.Rows[index].Topic, partition, offset, cycle.Rows[index]);
        }
    }

    private async Task RefuseAsync(IOutboxSession session, OutboxRow row, string reason)
    {
        await session.DeadLetterAsync(row, reason, 1, CancellationToken.None);
        LogRefused(row.Topic, row.Header(WireHeaders.EventType), row.Id, reason);
    }

    private void PauseTopics(RelayCycle cycle, List<int> stored)
    {
        var works = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in stored)
            works.Add(cycle.Rows[index].Topic);
        foreach (var topic in works)
        {
            if (_gates.Succeed(topic))
                LogTopicWorks(topic);
        }

        var failed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cycle.Rows.Length; i++)
        {
            var topic = cycle.Rows[i].Topic;
            if (!cycle.IsFailed(i) || !failed.Add(topic))
                continue;
            // A topic of which only some partitions fail keeps going; the failing keys are simply read again.
            if (!works.Contains(topic) && _gates.Fail(topic))
                LogTopicFails(topic, cycle.IsDenied(i) ? "this client may not write to it" : "it cannot be reached", cycle.Reason(i));
        }
    }

    private async Task<int> ShareLanesAsync(IOutboxSession session, CancellationToken cancellationToken)
    {
        var change = await session.EnsureLanesAsync(cancellationToken);
        if (change.Lost.Length > 0)
            _unconsumed.DropLanes(change.Lost);
        // Nobody knows any more where the rows are that the former owner of a lane has sent.
        if (volatileLog is not null && change.Gained.Length > 0)
            await session.UnmarkSentAsync(change.Gained, cancellationToken);
        if (change.Evicted > 0)
            LogEvicted(change.Evicted, store.Name, options.FrozenAfter);
        return change.Held;
    }

    private async Task FollowBrokerAsync(IOutboxSession session, VolatileLog log, CancellationToken cancellationToken)
    {
        var incarnation = log.Incarnation;
        if (incarnation != _incarnation)
        {
            _unconsumed.Clear();
            var again = await session.UnmarkSentAsync(null, cancellationToken);
            _incarnation = incarnation;
            LogNewIncarnation(again, store.Name);
        }

        var consumed = _unconsumed.Count == 0 ? [] : _unconsumed.TakeConsumed(log);
        if (consumed.Count > 0)
            await session.DeleteAsync([.. consumed.Select(row => row.Position)], [.. consumed.Select(row => row.Id)], cancellationToken);
    }

    private ReadRequest Request()
    {
        if (volatileLog is null)
            return new ReadRequest(_batchRows, options.BatchBytes, _gates.Closed(), _gates.Probed());
        string[] full = [.. _topics.Where(topic => !volatileLog.HasRoom(topic))];
        return new ReadRequest(_batchRows, options.VolatileBatchBytes, [.. _gates.Closed(), .. full], _gates.Probed());
    }

    /// <summary>A topic may be full before this worker has ever sent to it.</summary>
    private void LeaveOutFullTopics(VolatileLog log)
    {
        foreach (var row in _rows)
        {
            // A topic known before this read was asked for room just now.
            if (_topics.Add(row.Topic) && !log.HasRoom(row.Topic))
                _full.Add(row.Topic);
        }

        if (_full.Count == 0)
            return;
        _rows.RemoveAll(row => _full.Contains(row.Topic));
        _full.Clear();
    }

    private int Recovered(int failures)
    {
        if (failures > 0)
            LogRecovered(store.Name);
        return 0;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by its own condition.
        }
    }

    [LoggerMessage(LogLevel.Error, "The relay of {Outbox} has lost its session and opens a new one; events wait in the outbox.")]
    private partial void LogLost(Exception exception, string outbox);

    [LoggerMessage(LogLevel.Information, "The relay of {Outbox} works again.")]
    private partial void LogRecovered(string outbox);

    [LoggerMessage(LogLevel.Warning, "Topic '{Topic}' waits: {What}. Kafka says: {Reason}")]
    private partial void LogTopicFails(string topic, string what, string reason);

    [LoggerMessage(LogLevel.Information, "Topic '{Topic}' works again.")]
    private partial void LogTopicWorks(string topic);

    [LoggerMessage(LogLevel.Error, "Kafka refuses {EventType} {Id} for topic '{Topic}'; it is now a dead letter. Reason: {Reason}")]
    private partial void LogRefused(string topic, string? eventType, Guid id, string reason);

    [LoggerMessage(LogLevel.Warning, "Ended {Count} silent relay sessions of {Outbox} that held lanes with waiting events for {Limit}.")]
    private partial void LogEvicted(int count, string outbox, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "The embedded broker has begun a new life: {Count} events of {Outbox} are sent again.")]
    private partial void LogNewIncarnation(int count, string outbox);
}
