using System.Linq.Expressions;
using System.Reflection;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>The rows of an entity by primary key, many at once. Made once per model; safe to share among threads.</summary>
internal sealed class KeyedRows<TEntity>
    where TEntity : class
{
    private static readonly MethodInfo PredicateMethod = typeof(KeyedRows<TEntity>).GetMethod(nameof(Predicate), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly IReadOnlyList<IProperty> _key;
    private readonly Func<IEnumerable<object?>, Expression<Func<TEntity, bool>>>[] _predicates;

    /// <exception cref="ConfigurationException">The context has no such entity, or it has no primary key.</exception>
    public KeyedRows(DbContext context)
    {
        _key = context.Model.FindEntityType(typeof(TEntity))?.FindPrimaryKey()?.Properties
            ?? throw new ConfigurationException($"Preload: {typeof(TEntity).Name} is no entity of {context.GetType().Name}, or has no primary key. Preload entities that handlers look for with FindAsync.");
        _predicates = [.. _key.Select(property => PredicateMethod.MakeGenericMethod(property.ClrType)
            .CreateDelegate<Func<IProperty, IEnumerable<object?>, Expression<Func<TEntity, bool>>>>())
            .Select((predicate, i) => (Func<IEnumerable<object?>, Expression<Func<TEntity, bool>>>)(values => predicate(_key[i], values)))];
    }

    /// <summary>Whether a query brings the rows of the keys that it names and no others.</summary>
    public bool IsExact => _key.Count == 1;

    /// <exception cref="ConfigurationException">The key has other parts than the entity's.</exception>
    public void Check(RowKey key)
    {
        if (key.Values.Length != _key.Count || !_key.Zip(key.Values).All(part => part.First.ClrType.IsInstanceOfType(part.Second)))
        {
            throw new ConfigurationException(
                $"Preload: the primary key of {typeof(TEntity).Name} is ({string.Join(", ", _key.Select(property => $"{property.ClrType.Name} {property.Name}"))}), but the key given is ({string.Join(", ", key.Values.Select(value => value!.GetType().Name))}). Give what FindAsync takes, in its order.");
        }
    }

    /// <summary>Loads the rows that are there. Of a key with several parts, those of every combination of the parts named come along.</summary>
    public Task<List<TEntity>> LoadAsync(DbContext context, IReadOnlyCollection<RowKey> keys, CancellationToken cancellationToken)
    {
        var query = context.Set<TEntity>().AsTracking();
        for (var i = 0; i < _predicates.Length; i++)
        {
            var part = i;
            query = query.Where(_predicates[i](keys.Select(key => key.Values[part]).Distinct()));
        }

        return query.ToListAsync(cancellationToken);
    }

    public RowKey KeyOf(DbContext context, TEntity entity)
    {
        var entry = context.Entry(entity);
        return new RowKey([.. _key.Select(property => entry.Property(property).CurrentValue)]);
    }

    /// <summary>The key as the database knows it.</summary>
    public RowKey Stored(RowKey key)
    {
        var values = new object?[key.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _key[i].GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(key.Values[i]) : key.Values[i];
        return new RowKey(values);
    }

    /// <summary>The values are a field of an object, so that the query is the same for all of them and is compiled once.</summary>
    private static Expression<Func<TEntity, bool>> Predicate<TKey>(IProperty property, IEnumerable<object?> values)
    {
        var wanted = values.Cast<TKey>().ToList();
        return entity => wanted.Contains(EF.Property<TKey>(entity, property.Name));
    }
}
