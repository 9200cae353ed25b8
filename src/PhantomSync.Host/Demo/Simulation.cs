using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Host.Demo;

/// <summary>
/// The platform's services at work: each step changes data and publishes one event in the same transaction. Every tenant
/// belongs to one writer of one host, so that the events of a key are committed one after the other.
/// </summary>
internal sealed partial class Simulation(
    IServiceScopeFactory scopes, EventCatalogue catalogue, FailureClassifier failures, DemoOptions options, int writers, TimeProvider time, ILogger<Simulation> logger)
{
    private long _published;
    private int _waits;

    /// <summary>Events committed so far.</summary>
    public long Published => Interlocked.Read(ref _published);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var run = time.GetUtcNow().ToString("yyMMddHHmmssfff", System.Globalization.CultureInfo.InvariantCulture);
        await using var claim = await ClaimAsync(cancellationToken);
        var scenes = await LoadAsync(claim.World, run, cancellationToken);
        var started = time.GetTimestamp();
        await Task.WhenAll(scenes.Select((scene, writer) => Task.Run(
            async () =>
            {
                for (var i = writer; i < options.Events; i += writers)
                {
                    await PaceAsync(i, started, cancellationToken);
                    await StepAsync(scene, claim, cancellationToken);
                }
            },
            cancellationToken)));
    }

    private async Task PaceAsync(int index, long started, CancellationToken cancellationToken)
    {
        if (options.Rate == 0)
            return;
        var wait = TimeSpan.FromSeconds((double)index / options.Rate) - time.GetElapsedTime(started);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }

    private async Task StepAsync(Scene scene, WorldClaim claim, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var platform = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();

        var step = scene.Next(platform);
        var descriptor = catalogue.Describe(step);
        var eventId = Guid.CreateVersion7(time.GetUtcNow());
        platform.Published.Add(new PublishedEvent { EventId = eventId, EventType = descriptor.EventType, Key = descriptor.KeyOf(step) });
        await publish.Publish((object)step.WithMetadata(step.SyncMetadata with { EventId = eventId }), cancellationToken);
        await SaveAsync(platform, claim, cancellationToken);
        Interlocked.Increment(ref _published);
    }

    /// <summary>Keeps at it while the database is away. One that is cut off in the middle of a commit is asked whether that went through.</summary>
    private async Task SaveAsync(PlatformDbContext platform, WorldClaim claim, CancellationToken cancellationToken)
    {
        var published = platform.ChangeTracker.Entries<PublishedEvent>().Single().Entity.EventId;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt > 1)
                    await claim.RenewAsync(cancellationToken);
                if (attempt == 1 || !await platform.Published.AsNoTracking().AnyAsync(known => known.EventId == published, cancellationToken))
                    await platform.SaveChangesAsync(cancellationToken);
                if (attempt > 1 && Interlocked.Exchange(ref _waits, 0) == 1)
                    LogGoesOn();
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && failures.IsTransient(exception))
            {
                if (Interlocked.Exchange(ref _waits, 1) == 0)
                    LogWaits(exception.GetBaseException().Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
            }
        }
    }

    private async Task<WorldClaim> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await WorldClaim.TakeAsync(scope.ServiceProvider.GetRequiredService<PlatformDbContext>(), cancellationToken);
    }

    /// <summary>Goes on from what is there: tenants, models and jobs of this world's earlier runs, shared out among the writers.</summary>
    private async Task<Scene[]> LoadAsync(int world, string run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var platform = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var tenants = await platform.Tenants.AsNoTracking().Where(tenant => tenant.World == world).OrderBy(tenant => tenant.TenantId).ToListAsync(cancellationToken);
        var models = await platform.Models.AsNoTracking().OrderBy(model => model.ModelId).ToListAsync(cancellationToken);
        var jobs = await platform.Jobs.AsNoTracking().Where(job => job.Status == "running").OrderBy(job => job.JobId).ToListAsync(cancellationToken);
        var owner = tenants.Select((tenant, index) => (tenant.TenantId, Writer: index % writers)).ToDictionary(pair => pair.TenantId, pair => pair.Writer, StringComparer.Ordinal);
        return
        [
            .. Enumerable.Range(0, writers).Select(writer => new Scene(
                world,
                writer,
                options.Seed,
                run,
                tenants.Where(tenant => owner[tenant.TenantId] == writer),
                models.Where(model => owner.GetValueOrDefault(model.TenantId, -1) == writer),
                jobs.Where(job => owner.GetValueOrDefault(job.TenantId, -1) == writer))),
        ];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The simulated platform cannot commit and keeps trying: {Reason}")]
    private partial void LogWaits(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The simulated platform commits again")]
    private partial void LogGoesOn();
}
