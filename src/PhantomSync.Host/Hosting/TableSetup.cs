using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Hosting;

/// <summary>Creates and upgrades a service's tables; waits for its database as long as it takes, unless that refuses this user or contradicts this release.</summary>
internal sealed partial class TableSetup<TDbContext>(IServiceScopeFactory scopes, TimeProvider time, ILogger<TableSetup<TDbContext>> logger) : BackgroundService, ITableSetup
    where TDbContext : DbContext
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public string? Trouble { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<TDbContext>().EnsureTablesAsync(stoppingToken);
                _done.TrySetResult();
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SchemaMismatchException mismatch)
            {
                Trouble = mismatch.Message;
                _done.TrySetException(new UserErrorException(mismatch.Message, mismatch));
                return;
            }
            catch (Exception exception)
            {
                Trouble = exception.GetBaseException().Message.ReplaceLineEndings(" ");
                if (exception.GetBaseException() is PostgresException refusal && Refusal(refusal) is { } refused)
                {
                    _done.TrySetException(new UserErrorException(refused, exception));
                    return;
                }

                LogWaiting(typeof(TDbContext).Name, pause.TotalSeconds, exception.Message);
            }

            try
            {
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>What no waiting mends.</summary>
    private static string? Refusal(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"--postgres: the server refuses this user ({exception.MessageText}). Check Username and Password.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"--postgres: this user may not make the tables ({exception.MessageText}). Check Database, or let an administrator create it and grant CREATE on it.",
        PostgresErrorCodes.InvalidCatalogName => $"--postgres: {exception.MessageText}. Check Database.",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of {Context} is not to be had yet, next try in {Pause:F1} s: {Reason}")]
    private partial void LogWaiting(string context, double pause, string reason);
}
