using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics;

/// <summary>Erases tenants and users for good: an event that comes again, or is read again, does not bring them back.</summary>
public sealed class MetricsEraser
{
    private readonly IMetricsStore _store;
    private readonly TimeProvider _time;

    internal MetricsEraser(IMetricsStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>Deletes a tenant's rows, roll-ups included, or overwrites a user's name in its predictions. Returns when the store has done it.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="userId">The user; null for the whole tenant.</param>
    /// <param name="by">Who erases; is kept.</param>
    /// <param name="reason">Why; is kept.</param>
    /// <param name="cancellationToken">Ends the waiting; what is not done yet may be done all the same.</param>
    /// <exception cref="ArgumentException">One of the texts is empty.</exception>
    public Task<ErasureReceipt> EraseAsync(string tenantId, string? userId, string by, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (userId is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(userId);

        // To the microsecond, as stores keep it, and no earlier than it is.
        var now = _time.GetUtcNow();
        now = now.AddTicks(TimeSpan.TicksPerMicrosecond - (now.Ticks % TimeSpan.TicksPerMicrosecond));
        return _store.EraseAsync(
            new Erasure { Id = Guid.CreateVersion7(now), TenantId = tenantId, UserId = userId, Before = now, By = by, Reason = reason, ErasedAt = now },
            cancellationToken);
    }
}
