using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Waits for the library's tables.</summary>
public static class OutboxReadinessExtensions
{
    /// <summary>Creates the outbox and inbox of <typeparamref name="TDbContext"/> if they are not there yet; after it, events can be published.</summary>
    /// <exception cref="Kafka.Consuming.TransientFailureException">The context's own tables do not exist yet.</exception>
    public static Task OutboxReadyAsync<TDbContext>(this IServiceProvider services, CancellationToken cancellationToken = default)
        where TDbContext : DbContext =>
        services.GetRequiredService<OutboxSetup<TDbContext>>().ReadyAsync(cancellationToken);
}
