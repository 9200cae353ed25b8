using System.Data;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>How the instances of one saga are kept.</summary>
/// <typeparam name="TSaga">The saga's state.</typeparam>
public interface ISagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISaga
{
    /// <summary>
    /// <see cref="ConcurrencyMode.Pessimistic"/>, the default: an instance is locked while it handles events.
    /// <see cref="ConcurrencyMode.Optimistic"/>: who saves second finds that out and begins again; the state's mapping needs a
    /// concurrency token.
    /// </summary>
    ConcurrencyMode ConcurrencyMode { get; set; }

    /// <summary>Of the transaction that the repository opens itself. Within an endpoint of the rider, the micro-batch's counts.</summary>
    IsolationLevel IsolationLevel { get; set; }

    /// <summary>
    /// Whether finished instances are remembered for the inbox's retention, so that a late event starts no second one. Default
    /// true; false for sagas whose ids are used again.
    /// </summary>
    bool RememberFinished { get; set; }

    /// <summary>For events whose instance is not there. Default <see cref="MissingInstancePolicy.DeadLetter"/>.</summary>
    MissingInstancePolicy MissingInstances { get; set; }

    /// <summary>The same for one kind of event.</summary>
    void MissingInstance<TEvent>(MissingInstancePolicy policy)
        where TEvent : class;

    /// <summary>The context that maps the state. It must have an outbox (<c>AddEntityFrameworkOutbox</c>).</summary>
    void ExistingDbContext<TDbContext>()
        where TDbContext : DbContext;

    /// <summary>As <see cref="ExistingDbContext{TDbContext}"/>, and adds the context to the container.</summary>
    void AddDbContext<TDbContext>(Action<DbContextOptionsBuilder> configure)
        where TDbContext : DbContext;

    /// <summary>Changes what is loaded with an instance: <c>query => query.Include(…)</c>.</summary>
    void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> customize);

    /// <summary>Accepted for the sake of configurations written for MassTransit's own repository: the context's provider is what counts.</summary>
    ISagaRepositoryConfigurator<TSaga> UsePostgres();

    /// <inheritdoc cref="UsePostgres"/>
    ISagaRepositoryConfigurator<TSaga> UseSqlite();
}
