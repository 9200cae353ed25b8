using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>How a context keeps a saga's state.</summary>
/// <param name="Load">PostgreSQL: reads and, in pessimistic mode, locks instances in the order of their ids; {0} the ids.</param>
internal sealed record SagaMapping(string Load)
{
    private static readonly ConcurrentDictionary<(IModel, Type, ConcurrencyMode), SagaMapping> Known = new();

    /// <exception cref="InvalidOperationException">The state is not mapped, has another key, or lacks what the mode needs.</exception>
    public static SagaMapping Of<TSaga>(DbContext context, ConcurrencyMode mode)
        where TSaga : class, ISaga =>
        Known.GetOrAdd((context.Model, typeof(TSaga), mode), static (key, db) => Make<TSaga>(db, key.Item3), context);

    private static SagaMapping Make<TSaga>(DbContext context, ConcurrencyMode mode)
        where TSaga : class, ISaga
    {
        var name = typeof(TSaga).Name;
        var entity = context.Model.FindEntityType(typeof(TSaga))
            ?? throw new InvalidOperationException($"{context.GetType().Name} does not map {name}. Call modelBuilder.AddSaga<{name}>() in its OnModelCreating.");
        if (entity.FindPrimaryKey() is not { Properties: [{ Name: nameof(ISaga.CorrelationId) } id] })
            throw new InvalidOperationException($"The key of {name} must be its CorrelationId. Call modelBuilder.AddSaga<{name}>() in OnModelCreating of {context.GetType().Name}.");
        if (mode == ConcurrencyMode.Optimistic && !entity.GetProperties().Any(property => property.IsConcurrencyToken))
        {
            throw new InvalidOperationException(
                $"{name} has no concurrency token, which ConcurrencyMode.Optimistic needs. Let it implement ISagaVersion and call modelBuilder.AddSaga<{name}>(), or map one with IsConcurrencyToken() or IsRowVersion().");
        }

        var sql = context.GetService<ISqlGenerationHelper>();
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)
            ?? throw new InvalidOperationException($"{name} is not mapped to a table.");
        var column = sql.DelimitIdentifier(id.GetColumnName(table)!);
        var system = entity.GetProperties().Any(property => property.GetColumnName(table) == "xmin") ? ", xmin" : "";
        var order = mode == ConcurrencyMode.Pessimistic ? $" ORDER BY {column} FOR UPDATE" : "";
        return new SagaMapping(
            $"SELECT *{system} FROM {sql.DelimitIdentifier(table.Name, table.Schema)} WHERE {column} = ANY({{0}}){order}");
    }
}
