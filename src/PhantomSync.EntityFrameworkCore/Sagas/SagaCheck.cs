using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>Finds at the start what would otherwise be found with the first event.</summary>
internal abstract class SagaCheck
{
    /// <exception cref="InvalidOperationException">The model does not fit the saga; the text names the line to add.</exception>
    public abstract void Validate(DbContext context);

    public abstract Type ContextType { get; }

    /// <summary>The saga's name in the library's tables.</summary>
    public abstract string Saga { get; }

    /// <summary>Under which the inbox remembers the saga's finished instances.</summary>
    public static string ConsumerOf(string saga) => $"saga:{saga}";
}

/// <inheritdoc/>
internal sealed class SagaCheck<TSaga, TDbContext>(SagaRepositoryOptions<TSaga> options) : SagaCheck
    where TSaga : class, ISaga
    where TDbContext : DbContext
{
    public override string Saga => typeof(TSaga).Name;

    public override Type ContextType => typeof(TDbContext);

    public override void Validate(DbContext context) => SagaMapping.Of<TSaga>(context, options.ConcurrencyMode);
}
