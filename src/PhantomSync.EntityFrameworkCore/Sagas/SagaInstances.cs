using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// The instances that a scope works with. Each is read, and in pessimistic mode locked, once; afterwards the change tracker's
/// copy is what counts, whatever of it has been saved.
/// </summary>
internal sealed class SagaInstances<TSaga>(SagaRepositoryOptions<TSaga> options)
    where TSaga : class, ISaga
{
    private readonly Dictionary<Guid, TSaga?> _known = [];
    private readonly HashSet<Guid> _finished = [];
    private readonly HashSet<Guid> _changed = [];

    public static string Name { get; } = typeof(TSaga).Name;

    public bool IsFinished(Guid id) => _finished.Contains(id);

    /// <summary>Reads those that are not known yet, in the order of their ids.</summary>
    public async Task LoadAsync(DbContext context, ISagaStore store, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        Guid[] unknown = [.. ids.Where(id => !_known.ContainsKey(id)).Distinct()];
        if (unknown.Length == 0)
            return;
        foreach (var instance in await ReadAsync(context, unknown, cancellationToken))
            _known[instance.CorrelationId] = instance;
        Guid[] missing = [.. unknown.Where(id => !_known.ContainsKey(id))];
        if (missing.Length == 0)
            return;
        foreach (var id in missing)
            _known[id] = null;
        if (options.RememberFinished)
            _finished.UnionWith(await store.FinishedAsync(context, Name, missing, cancellationToken));
    }

    /// <summary>The instance, if it is known and exists.</summary>
    public TSaga? Find(Guid id) => _known.GetValueOrDefault(id);

    public void Added(TSaga instance) => _known[instance.CorrelationId] = instance;

    /// <summary>Whether an event of this scope has changed it already.</summary>
    public bool IsChanged(Guid id) => _changed.Contains(id);

    public void Changed(Guid id) => _changed.Add(id);

    public void Removed(Guid id)
    {
        _known[id] = null;
        if (options.RememberFinished)
            _finished.Add(id);
    }

    /// <summary>What another row of this scope's transaction says may have changed meanwhile, is asked for again.</summary>
    public async Task<List<Guid>> QueryAsync(DbContext context, ISagaQuery<TSaga> query, CancellationToken cancellationToken) =>
        await context.Set<TSaga>().Where(query.FilterExpression).Select(instance => instance.CorrelationId).ToListAsync(cancellationToken);

    private async Task<List<TSaga>> ReadAsync(DbContext context, Guid[] ids, CancellationToken cancellationToken)
    {
        var set = context.Set<TSaga>();
        if (context.Database.IsNpgsql())
            return await options.Customize(set.FromSqlRaw(SagaMapping.Of<TSaga>(context, options.ConcurrencyMode).Load, ids)).ToListAsync(cancellationToken);

        // SQLite has one writer, and the transaction that this happens in is it.
        var instances = new List<TSaga>(ids.Length);
        foreach (var some in ids.Chunk(500))
            instances.AddRange(await options.Customize(set.Where(instance => some.Contains(instance.CorrelationId))).ToListAsync(cancellationToken));
        return instances;
    }
}
