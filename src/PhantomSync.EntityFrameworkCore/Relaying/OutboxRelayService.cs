using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>
/// Creates the outbox's tables and runs its relay workers. The tables come after the context's own: at start where those
/// exist already, else as soon as they do. Until then events cannot be published.
/// </summary>
internal sealed partial class OutboxRelayService<TDbContext>(
    TransactionalOutbox<TDbContext> outbox,
    IRecordSender sender,
    TimeProvider time,
    ILogger<OutboxRelay> logger,
    VolatileLog? volatileLog = null,
    IMeterFactory? meters = null) : BackgroundService
    where TDbContext : DbContext
{
    private bool _ready;
    private bool _waitLogged;

    /// <summary>Tries once before the application goes on, so that the first event finds its table.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryCreateSchemaAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = outbox.Options;
        using var metrics = new RelayMetrics(meters, outbox.Store.Name);
        try
        {
            while (!_ready)
            {
                await Task.Delay(options.PollMax, time, stoppingToken);
                await TryCreateSchemaAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        var workers = options.Workers > 0 ? options.Workers : outbox.Store.DefaultWorkers;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(
            () => new OutboxRelay(outbox.Store, sender, options, time, outbox.Signal, volatileLog, metrics, logger).RunAsync(stoppingToken), CancellationToken.None)));
    }

    private async Task TryCreateSchemaAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await outbox.Store.OwnTablesExistAsync(cancellationToken))
            {
                await outbox.Store.CreateSchemaAsync(cancellationToken);
                _ready = true;
            }
            else if (!_waitLogged)
            {
                _waitLogged = true;
                LogWaiting(typeof(TDbContext).Name);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away or not ready; it is tried again for as long as the host runs.
            if (!_waitLogged)
                LogFailed(exception, outbox.Store.Name);
            _waitLogged = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The tables of {Context} do not exist yet. Create them with EnsureCreated or Migrate; the outbox follows.")]
    private partial void LogWaiting(string context);

    [LoggerMessage(LogLevel.Error, "The tables of {Outbox} cannot be created; trying again.")]
    private partial void LogFailed(Exception exception, string outbox);
}
