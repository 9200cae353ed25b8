using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>Answers queries for rows that are known to be absent. Once the context writes, nothing is known any more.</summary>
internal sealed class PreloadInterceptor : DbCommandInterceptor
{
    public static readonly PreloadInterceptor Instance = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Answer(command, eventData, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Answer(command, eventData, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        AbsentRows.Find(eventData.Context)?.Forget();
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    private static InterceptionResult<DbDataReader> Answer(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (AbsentRows.Find(eventData.Context) is not { } absent)
            return result;
        if (eventData.CommandSource != CommandSource.LinqQuery)
            absent.Forget();
        else if (absent.Observing is { } observe)
            observe(command);
        else if (absent.Contains(command))
            return InterceptionResult<DbDataReader>.SuppressWithResult(new NoRows());
        return result;
    }
}
