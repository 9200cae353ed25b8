using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Maps the states of sagas into a user's <see cref="DbContext"/>.</summary>
public static class SagaModelBuilderExtensions
{
    /// <summary>
    /// Maps <typeparamref name="TSaga"/> with its <c>CorrelationId</c> as the key and, where it implements
    /// <see cref="ISagaVersion"/>, its <c>Version</c> as the concurrency token. The rest follows EF Core's conventions, or what
    /// is said on the builder that is returned.
    /// </summary>
    public static EntityTypeBuilder<TSaga> AddSaga<TSaga>(this ModelBuilder modelBuilder)
        where TSaga : class, ISaga
    {
        var saga = modelBuilder.Entity<TSaga>();
        saga.HasKey(instance => instance.CorrelationId);
        saga.Property(instance => instance.CorrelationId).ValueGeneratedNever();
        if (typeof(TSaga).IsAssignableTo(typeof(ISagaVersion)))
            saga.Property(nameof(ISagaVersion.Version)).IsConcurrencyToken();
        return saga;
    }
}
