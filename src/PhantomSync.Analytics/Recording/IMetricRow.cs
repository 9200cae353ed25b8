namespace PhantomSync.Analytics.Recording;

/// <summary>A row of a table of metrics. The same event always makes the same rows, so that writing it again changes nothing.</summary>
internal interface IMetricRow
{
    static abstract string Table { get; }

    DateTime Timestamp { get; }

    string TenantId { get; }

    /// <summary>What makes the row itself, and its numbers: what reconciliation compares, beside the time. Each engine makes the same text of its columns.</summary>
    string Compared { get; }
}
