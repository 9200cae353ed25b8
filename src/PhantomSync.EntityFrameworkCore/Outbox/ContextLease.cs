using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>A fresh instance of the user's context, and the scope it comes from.</summary>
internal sealed class ContextLease(DbContext context, IDisposable? scope = null) : IAsyncDisposable, IDisposable
{
    public DbContext Context => context;

    public void Dispose()
    {
        context.Database.CloseConnection();
        context.Dispose();
        scope?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        // A pooled context does not close its connection when it goes back to its pool.
        await context.Database.CloseConnectionAsync();
        await context.DisposeAsync();
        if (scope is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            scope?.Dispose();
    }
}
