using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Event time as the stores keep it: UTC, to the microsecond, within the years that a ClickHouse DateTime can bucket.</summary>
internal static class MetricTime
{
    public static readonly DateTime Earliest = new(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly DateTime Latest = new(2090, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static DateTime Of(Timestamp timestamp)
    {
        var time = timestamp.ToMicroseconds().ToDateTimeOffset().UtcDateTime;
        return time < Earliest ? Earliest : time > Latest ? Latest : time;
    }
}
