using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics;

/// <summary>The time a query looks at: from the first moment, up to but without the second.</summary>
public readonly record struct TimeWindow
{
    /// <exception cref="ArgumentException">The window ends before it begins.</exception>
    public TimeWindow(DateTimeOffset from, DateTimeOffset to)
    {
        if (to < from)
            throw new ArgumentException($"The window ends at {to:O}, before it begins at {from:O}.", nameof(to));
        From = from;
        To = to;
    }

    /// <summary>The first moment.</summary>
    public DateTimeOffset From { get; }

    /// <summary>The first moment after.</summary>
    public DateTimeOffset To { get; }

    internal DateTime FirstUtc => Clamp(From);

    internal DateTime EndUtc => Clamp(To);

    private static DateTime Clamp(DateTimeOffset moment) =>
        moment.UtcDateTime < MetricTime.Earliest ? MetricTime.Earliest : moment.UtcDateTime > MetricTime.Latest ? MetricTime.Latest : moment.UtcDateTime;
}
