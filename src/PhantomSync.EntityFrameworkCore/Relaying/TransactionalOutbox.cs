using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>The outbox of one context: its store, and the signal that wakes its relay.</summary>
internal sealed class TransactionalOutbox<TDbContext>(IServiceScopeFactory scopes, IOptionsMonitor<OutboxRelayOptions> options, TimeProvider time)
    where TDbContext : DbContext
{
    /// <summary>Under which the relay's options are registered.</summary>
    public static string OptionsName { get; } = typeof(TDbContext).FullName!;

    public OutboxRelayOptions Options { get; } = options.Get(OptionsName);

    public IOutboxStore Store { get; } = OutboxStores.Create(() => Lease(scopes), time, options.Get(OptionsName).FrozenAfter);

    public RelaySignal Signal { get; } = new();

    private static ContextLease Lease(IServiceScopeFactory scopes)
    {
        var scope = scopes.CreateScope();
        try
        {
            return new ContextLease(scope.ServiceProvider.GetRequiredService<TDbContext>(), scope);
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }
}
