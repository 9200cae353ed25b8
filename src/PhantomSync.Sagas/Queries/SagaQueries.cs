using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas.Queries;

/// <summary>Looks at the sagas, for the command line, the API and the dashboard.</summary>
public sealed class SagaQueries(SagasDbContext sagas)
{
    /// <summary>What the sagas are called.</summary>
    public const string Training = "training-lifecycle", Suspension = "tenant-suspension";

    /// <summary>Every saga's name.</summary>
    public static IReadOnlyList<string> Names { get; } = [Training, Suspension];

    /// <summary>Every state's name.</summary>
    public static IReadOnlyList<string> States { get; } = [.. Enum.GetNames<TrainingStatus>().Concat(Enum.GetNames<CascadeStatus>()).Distinct().Where(name => name != "Initial")];

    /// <summary>The instances, by saga, tenant and subject.</summary>
    public async Task<IReadOnlyList<SagaSummary>> ListAsync(SagaFilter filter, CancellationToken cancellationToken = default)
    {
        var state = StateOf(filter.State);
        var found = new List<SagaSummary>();
        if (filter.Saga is null or Training)
        {
            var jobs = sagas.TrainingJobs.AsNoTracking().Where(job => (state == null || job.CurrentState == state) && (filter.TenantId == null || job.TenantId == filter.TenantId));
            found.AddRange((await jobs.OrderBy(job => job.TenantId).ThenBy(job => job.JobId).Take(filter.Limit).ToListAsync(cancellationToken)).Select(SagaFacts.Summary));
        }

        if (filter.Saga is null or Suspension)
        {
            var tenants = sagas.Suspensions.AsNoTracking().Where(tenant => (state == null || tenant.CurrentState == state) && (filter.TenantId == null || tenant.TenantId == filter.TenantId));
            found.AddRange((await tenants.OrderBy(tenant => tenant.TenantId).Take(filter.Limit).ToListAsync(cancellationToken)).Select(SagaFacts.Summary));
        }

        return found;
    }

    /// <summary>The instances that <paramref name="name"/> may mean: an id, its end, a job, or a tenant's suspensions.</summary>
    /// <param name="name">What is looked for.</param>
    /// <param name="tenantId">Only this tenant's; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<SagaSummary>> FindAsync(string name, string? tenantId = null, CancellationToken cancellationToken = default)
    {
        if (Guid.TryParse(name, out var id))
        {
            return
            [
                .. (await sagas.TrainingJobs.AsNoTracking().Where(job => job.CorrelationId == id && (tenantId == null || job.TenantId == tenantId)).ToListAsync(cancellationToken)).Select(SagaFacts.Summary),
                .. (await sagas.Suspensions.AsNoTracking().Where(tenant => tenant.CorrelationId == id && (tenantId == null || tenant.TenantId == tenantId)).ToListAsync(cancellationToken)).Select(SagaFacts.Summary),
            ];
        }

        var named = (await ListNamedAsync(name, tenantId, cancellationToken)).ToList();
        return named.Count > 0 ? named
            : [.. (await ListAsync(new SagaFilter(TenantId: tenantId, Limit: int.MaxValue), cancellationToken)).Where(saga => saga.Id.ToString().EndsWith(name, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>All that is known of an instance; null where there is none.</summary>
    public async Task<SagaDetails?> ShowAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (await sagas.TrainingJobs.AsNoTracking().SingleOrDefaultAsync(job => job.CorrelationId == id, cancellationToken) is { } found)
        {
            return new SagaDetails(
                SagaFacts.Summary(found), SagaFacts.Of(found), await sagas.SagaHistoryAsync<TrainingLifecycleState>(id, cancellationToken), await TimeoutsAsync(found.NewsOverdueToken, cancellationToken));
        }

        if (await sagas.Suspensions.AsNoTracking().SingleOrDefaultAsync(tenant => tenant.CorrelationId == id, cancellationToken) is not { } suspension)
            return null;
        return new SagaDetails(
            SagaFacts.Summary(suspension), SagaFacts.Of(suspension), await sagas.SagaHistoryAsync<TenantSuspensionState>(id, cancellationToken), await TimeoutsAsync(suspension.ReplyOverdueToken, cancellationToken));
    }

    private async Task<IEnumerable<SagaSummary>> ListNamedAsync(string name, string? tenantId, CancellationToken cancellationToken)
    {
        var jobs = await sagas.TrainingJobs.AsNoTracking().Where(job => job.JobId == name && (tenantId == null || job.TenantId == tenantId)).OrderBy(job => job.TenantId).ToListAsync(cancellationToken);
        var tenants = await sagas.Suspensions.AsNoTracking().Where(tenant => tenant.TenantId == name && (tenantId == null || tenant.TenantId == tenantId)).ToListAsync(cancellationToken);
        return jobs.Select(SagaFacts.Summary).Concat(tenants.Select(SagaFacts.Summary));
    }

    private async Task<IReadOnlyList<ScheduledTimeout>> TimeoutsAsync(Guid? token, CancellationToken cancellationToken) => token is null ? []
        : [.. (await sagas.Set<OutboxMessage>().AsNoTracking().Where(message => message.ScheduleToken == token).Select(message => new { message.EventType, message.DueAt }).ToListAsync(cancellationToken))
            .Select(message => new ScheduledTimeout(message.EventType, message.DueAt ?? default))];

    /// <summary>A state's name as the machines write it.</summary>
    private static string? StateOf(string? given) => given is null ? null
        : States.FirstOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase)) ?? given;
}
