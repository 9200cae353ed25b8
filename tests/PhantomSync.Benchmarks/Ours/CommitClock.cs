using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Takes the time of transactions in which events were handled.</summary>
internal sealed class CommitClock : DbTransactionInterceptor
{
    private readonly TaskCompletionSource<long> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _began;
    private int _handled;

    /// <summary>How many events end <see cref="All"/>.</summary>
    public int Expected { get; init; }

    /// <summary>How many events are handled before the clock begins; 0 for one that begins with the first transaction.</summary>
    public int Skip { get; init; }

    /// <summary>The events that were handled when the clock began.</summary>
    public int HandledAtBegin { get; private set; }

    public Action<IReadOnlyList<string>>? Committed { get; init; }

    /// <summary>When the first transaction was begun, by then hardly a record has been read ahead; or when enough was skipped.</summary>
    public long Began => Interlocked.Read(ref _began);

    /// <summary>The processor time at the same moment.</summary>
    public Cost CostAtBegin { get; private set; }

    /// <summary>The time of the commit with which all expected events were handled.</summary>
    public Task<long> All => _all.Task;

    /// <summary>Forgets the transactions that made the tables.</summary>
    public void Reset() => Interlocked.Exchange(ref _began, 0);

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        if (Skip == 0)
            Begin(Stopwatch.GetTimestamp(), 0);
        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var now = Stopwatch.GetTimestamp();
        if (eventData.Context is BenchContext { Handled: { Count: > 0 } handled })
        {
            Committed?.Invoke(handled);
            var all = Interlocked.Add(ref _handled, handled.Count);
            if (Skip > 0 && all >= Skip)
                Begin(now, all);
            if (all >= Expected)
                _all.TrySetResult(now);

            // The context goes back to its pool.
            handled.Clear();
        }

        return Task.CompletedTask;
    }

    private void Begin(long now, int handled)
    {
        if (Interlocked.CompareExchange(ref _began, now, 0) == 0)
            (CostAtBegin, HandledAtBegin) = (Measure.CostNow(), handled);
    }
}
