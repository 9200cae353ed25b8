using Microsoft.EntityFrameworkCore;
using PhantomSync.Registry;

namespace PhantomSync.Host.Demo;

/// <summary>Compares what was committed with what was applied.</summary>
/// <param name="Committed">Events that the platform and the registry committed, over all runs.</param>
/// <param name="Applied">Different events that the ledger applied, over all runs.</param>
/// <param name="Lost">Committed and not applied.</param>
/// <param name="AppliedTwice">Applied more than once.</param>
/// <param name="OutOfOrder">Applied before an earlier event of their key.</param>
/// <param name="Versions">Model versions in the registry.</param>
internal sealed record Verdict(long Committed, long Applied, long Lost, long AppliedTwice, long OutOfOrder, long Versions)
{
    /// <summary>Judges what is committed now; what other hosts commit meanwhile is left out.</summary>
    /// <param name="services">Where the databases are.</param>
    /// <param name="patience">How long to wait for what is committed and not applied, as long as something moves.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Verdict> ReachAsync(IServiceProvider services, TimeSpan patience, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        await using var scope = services.CreateAsyncScope();
        var platform = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var sequences = await platform.Published.AsNoTracking().ToDictionaryAsync(published => published.EventId, published => published.Sequence, cancellationToken);
        var jobs = (await platform.Jobs.AsNoTracking().Where(job => job.Status == "completed").Select(job => new { job.TenantId, job.JobId }).ToListAsync(cancellationToken))
            .ConvertAll(job => (job.TenantId, job.JobId)).ToHashSet();

        var (moved, lastApplied) = (time.GetTimestamp(), -1L);
        while (true)
        {
            var verdict = await JudgeAsync(scope.ServiceProvider, sequences, jobs, cancellationToken);
            if (verdict.Lost == 0)
                return verdict;
            if (verdict.Applied != lastApplied)
                (moved, lastApplied) = (time.GetTimestamp(), verdict.Applied);
            if (time.GetElapsedTime(moved) >= patience)
                return verdict;
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    private static async Task<Verdict> JudgeAsync(IServiceProvider services, Dictionary<Guid, long> sequences, HashSet<(string Tenant, string Job)> jobs, CancellationToken cancellationToken)
    {
        // The registry's announcements have an order of their own: the version's number.
        var announcements = new Dictionary<Guid, (string Model, long Number)>();
        var announced = new List<Guid>();
        var made = new HashSet<(string, string)>();
        await foreach (var version in services.GetRequiredService<RegistryDbContext>().Versions.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            made.Add((version.TenantId, version.JobId));
            announcements.Add(version.AnnouncedBy, ($"{version.TenantId}\n{version.ModelId}", version.Number));
            if (jobs.Contains((version.TenantId, version.JobId)))
                announced.Add(version.AnnouncedBy);
        }

        var seen = new HashSet<Guid>();
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        long twice = 0, disordered = 0;
        await foreach (var applied in services.GetRequiredService<LedgerDbContext>().Applied.AsNoTracking().OrderBy(applied => applied.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!seen.Add(applied.EventId))
            {
                twice++;
                continue;
            }

            string key;
            long position;
            if (announcements.TryGetValue(applied.EventId, out var announcement))
                (key, position) = ("registry\n" + announcement.Model, announcement.Number);
            else if (sequences.TryGetValue(applied.EventId, out position))
                key = applied.Key;
            else
                continue; // Committed by another host after this one had begun to judge.
            if (last.TryGetValue(key, out var before) && before > position)
                disordered++;
            last[key] = Math.Max(position, before);
        }

        var lost = sequences.Keys.Count(id => !seen.Contains(id)) + announced.Count(id => !seen.Contains(id)) + jobs.Count(job => !made.Contains(job));
        return new Verdict(sequences.Count + announced.Count, seen.Count, lost, twice, disordered, made.Count);
    }

    /// <summary>Whether everything committed is applied, by counting only; cheap enough to ask again and again.</summary>
    public static async Task<(long Committed, long Applied)> ProgressAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var platform = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryDbContext>();
        var ledger = scope.ServiceProvider.GetRequiredService<LedgerDbContext>();
        var applied = await ledger.Applied.LongCountAsync(cancellationToken);
        var completed = await platform.Published.LongCountAsync(published => published.EventType == nameof(Contracts.TrainingJobCompleted), cancellationToken);
        var versions = await registry.Versions.LongCountAsync(cancellationToken);
        var committed = await platform.Published.LongCountAsync(cancellationToken);
        return (committed + Math.Max(completed, versions), applied);
    }
}
