namespace PhantomSync.Analytics;

/// <summary>A tenant's rows of one table and one hour.</summary>
/// <param name="Table">The table.</param>
/// <param name="TenantId">The tenant.</param>
/// <param name="Hour">When the hour begins, UTC.</param>
public readonly record struct MetricsSlice(string Table, string TenantId, DateTime Hour);
