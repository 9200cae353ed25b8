using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>
/// Loads the rows whose keys the messages name with one query. The context tracks those that are there; those that are not are
/// noted, so that looking for them costs no round trip either.
/// </summary>
internal sealed class Preload<TMessage, TEntity>(Func<TMessage, object?[]> key) : IPreload
    where TMessage : class
    where TEntity : class
{
    private KeyedRows<TEntity>? _rows;
    private FindQuery? _find;

    public async Task LoadAsync(DbContext context, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<RowKey>(messages.Count);
        foreach (var message in messages)
        {
            if (message.Content.Message is TMessage content && key(content) is { } values && Array.TrueForAll(values, value => value is not null))
                wanted.Add(new RowKey(values));
        }

        if (wanted.Count == 0)
            return;
        var rows = _rows ??= new KeyedRows<TEntity>(context);
        rows.Check(wanted.First());

        // The handler's own query does as well for one, and a batch that failed is down to one at last: then nothing here is trusted.
        if (wanted.Count == 1)
            return;
        var all = true;
        foreach (var entity in await rows.LoadAsync(context, wanted, cancellationToken))
            all &= wanted.Remove(rows.KeyOf(context, entity));

        // A row that was found under another spelling of its key: who is absent cannot be told then.
        if (wanted.Count == 0 || (rows.IsExact && !all))
            return;
        _find ??= await FindQuery.LearnAsync(context, typeof(TEntity), wanted.First(), rows.Stored(wanted.First()), cancellationToken);
        if (_find.Sql is { } sql)
            AbsentRows.Of(context).Add(sql, wanted.Select(rows.Stored));
    }
}
