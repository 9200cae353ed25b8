namespace PhantomSync.Analytics;

/// <summary>A slice in which the store is not what its source says.</summary>
/// <param name="Slice">Which.</param>
/// <param name="Source">What the source adds up to, as far as the service has handled it.</param>
/// <param name="Store">What the store adds up to.</param>
public sealed record MetricsDifference(MetricsSlice Slice, SliceSum Source, SliceSum Store)
{
    /// <summary>How many rows the store lacks; less than 0 where it has more than the source; 0 where other rows are there, or the same with other numbers.</summary>
    public long Missing => Source.Rows - Store.Rows;
}
