using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Storing;
using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Conflicts.Queueing;

/// <summary>The conflicts that one service's store keeps, for those who decide them.</summary>
public sealed class ConflictQueue
{
    private const int Tries = 20;

    private readonly Type _contextType;
    private readonly Action<IServiceScope> _useOutbox;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;

    internal ConflictQueue(string service, Type contextType, Action<IServiceScope> useOutbox, IServiceScopeFactory scopes, TimeProvider time)
    {
        (Service, _contextType, _useOutbox, _scopes, _time) = (service, contextType, useOutbox, scopes, time);
    }

    /// <summary>How long a claim lasts where nobody says otherwise.</summary>
    public static TimeSpan DefaultLease { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The service that keeps them.</summary>
    public string Service { get; }

    /// <summary>The conflicts, the oldest first.</summary>
    /// <param name="tenantId">Only this tenant's; null for all.</param>
    /// <param name="closed">Whether resolved ones are listed too.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async Task<IReadOnlyList<ConflictRecord>> ListAsync(string? tenantId = null, bool closed = false, CancellationToken cancellationToken = default)
    {
        await using var scope = _scopes.CreateAsyncScope();
        if (!await ExistsAsync(Context(scope), cancellationToken))
            return [];
        var records = await Context(scope).Set<ConflictRecord>().AsNoTracking()
            .Where(record => (tenantId == null || record.TenantId == tenantId)
                && (closed || record.Status == ConflictStatus.ManualResolutionRequired || record.Status == ConflictStatus.InProgress || record.Status == ConflictStatus.Detected))
            .ToListAsync(cancellationToken);
        return [.. records.OrderBy(record => record.DetectedAt).ThenBy(record => record.ConflictId)];
    }

    public async Task<ConflictRecord?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await ExistsAsync(Context(scope), cancellationToken)
            ? await Context(scope).Set<ConflictRecord>().AsNoTracking().SingleOrDefaultAsync(record => record.ConflictId == id, cancellationToken)
            : null;
    }

    /// <summary>Says that somebody is at it, for a while; others are refused until that is over. Who claims again has it for longer. It is audited.</summary>
    /// <exception cref="ArgumentException"><paramref name="by"/> is no name.</exception>
    public Task<QueueAnswer> ClaimAsync(Guid id, string by, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        var claimant = new Operator(by);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        return TryAsync(
            id,
            by,
            (scope, record, now) =>
            {
                QueueRules.Claim(record, by, now + lease);
                scope.ServiceProvider.GetRequiredService<OperatorAudit>().Record(Context(scope), claimant, Claimed(record));
                return Task.FromResult(new QueueAnswer(QueueAnswerKind.Done, $"{id} is claimed by {by} until {record.ClaimedUntil:yyyy-MM-dd HH:mm:ss}Z.", record));
            },
            cancellationToken);
    }

    /// <summary>
    /// Decides it: the values go to the resource, everybody is told, in one transaction. Of two who decide at once one is refused.
    /// A conflict need not be claimed before.
    /// </summary>
    public Task<QueueAnswer> ResolveAsync(Guid id, ManualResolution resolution, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(resolution.By) || string.IsNullOrWhiteSpace(resolution.Reason))
            throw new ArgumentException("A resolution says who decides and why. Give By and Reason.", nameof(resolution));
        return TryAsync(
            id,
            resolution.By,
            async (scope, record, now) =>
            {
                var resolver = scope.ServiceProvider.GetRequiredService<ConflictResolver>();
                var resource = new ResourceKey(record.TenantId, record.ResourceType, record.ResourceId);
                var (values, chosen, fault) = QueueRules.Read(record, resolution);
                fault ??= values!.Select(value => resolver.ExpectedInstead(resource, value.Key, value.Value) is { } expected ? $"{value.Key} is {value.Value.GetRawText()}; expected is {expected}." : null)
                    .FirstOrDefault(wrong => wrong is not null);
                if (fault is not null)
                    return new QueueAnswer(QueueAnswerKind.Invalid, fault, record);

                QueueRules.Resolve(record, resolution, values!, chosen?.ChangeId, now);
                var context = Context(scope);
                await resolver.SettleAsync(context, resource, before => QueueRules.Change(record, values!, chosen, resolution.By, before, now), cancellationToken);
                await scope.ServiceProvider.GetRequiredService<ConflictAnnouncer>().AnnounceAsync(context, new LedgerEntry(record, IsNew: false, IsClosed: true), cancellationToken);
                return new QueueAnswer(QueueAnswerKind.Done, $"{id} is resolved: {record.Resolution}", record);
            },
            cancellationToken);
    }

    /// <summary>A resolution has an event of its own.</summary>
    private static OperatorDeed Claimed(ConflictRecord record) => new("CLAIM_CONFLICT", record.TenantId, record.ResourceType, record.ResourceId)
    {
        Details = [("conflict_id", record.ConflictId.ToString()), ("until", $"{record.ClaimedUntil:O}")],
    };

    private async Task<QueueAnswer> TryAsync(Guid id, string by, Func<AsyncServiceScope, ConflictRecord, DateTimeOffset, Task<QueueAnswer>> act, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = _scopes.CreateAsyncScope();
            _useOutbox(scope);
            var context = Context(scope);
            try
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                if (await context.FindAsync<ConflictRecord>([id], cancellationToken) is not { } record)
                    return new QueueAnswer(QueueAnswerKind.Unknown, $"There is no conflict {id}.", null);
                if (QueueRules.Refusal(record, by, _time.GetUtcNow()) is { } refusal)
                    return refusal;
                var answer = await act(scope, record, _time.GetUtcNow());
                if (!answer.IsDone)
                    return answer;
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return answer;
            }
            catch (DbUpdateConcurrencyException) when (attempt < Tries)
            {
                // Somebody else changed the conflict or its resource meanwhile: whether this may still be done shows when looking again.
            }
        }
    }

    /// <summary>A service that never ran on this database has no table yet.</summary>
    private static async Task<bool> ExistsAsync(DbContext context, CancellationToken cancellationToken)
    {
        var table = context.Model.FindEntityType(typeof(ConflictRecord))!;
        var name = context.Database.IsNpgsql() ? $"\"{table.GetSchema() ?? "public"}\".\"{table.GetTableName()}\"" : table.GetTableName();
        return await (context.Database.IsNpgsql()
            ? context.Database.SqlQuery<bool>($"SELECT to_regclass({name}) IS NOT NULL AS \"Value\"")
            : context.Database.SqlQuery<bool>($"SELECT count(*) > 0 AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = {name}")).SingleAsync(cancellationToken);
    }

    private DbContext Context(AsyncServiceScope scope) => (DbContext)scope.ServiceProvider.GetRequiredService(_contextType);
}
