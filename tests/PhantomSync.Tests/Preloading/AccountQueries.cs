using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhantomSync.Tests.Preloading;

/// <summary>Counts the queries for accounts that the database is asked.</summary>
internal sealed class AccountQueries : DbCommandInterceptor
{
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!result.HasResult && command.CommandText.StartsWith("SELECT", StringComparison.Ordinal) && command.CommandText.Contains("accounts", StringComparison.Ordinal))
            Interlocked.Increment(ref _asked);
        return ValueTask.FromResult(result);
    }
}
