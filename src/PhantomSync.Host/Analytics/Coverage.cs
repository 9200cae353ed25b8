using System.Globalization;
using PhantomSync.Analytics;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Analytics;

/// <summary>What can be said of a window when Kafka no longer has everything.</summary>
internal static class Coverage
{
    /// <summary>The part of the window of which both sides have everything, from a full hour on where its beginning is cut off.</summary>
    /// <param name="window">What is asked for.</param>
    /// <param name="completeFrom">From when on Kafka has everything; null: all.</param>
    /// <param name="retention">How long the store keeps a row.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="UserErrorException">There is no such part.</exception>
    public static TimeWindow Comparable(TimeWindow window, DateTimeOffset? completeFrom, TimeSpan retention, DateTimeOffset now)
    {
        var from = new[] { window.From, NextHour(completeFrom ?? DateTimeOffset.MinValue), NextHour(now - retention) }.Max();
        return from < window.To
            ? new TimeWindow(from, window.To)
            : throw new UserErrorException($"Nothing can be compared before {Text(from)}: of earlier events Kafka or the store has removed some. Give a later --to, or none.");
    }

    /// <exception cref="UserErrorException">Kafka no longer has everything of the window.</exception>
    public static void Demand(TimeWindow window, DateTimeOffset? completeFrom)
    {
        if (completeFrom is { } earliest && window.From < earliest)
            throw new UserErrorException($"Kafka has everything from {Text(earliest)} on, and a rebuild of what lies before would lose rows. Give --from {Text(NextHour(earliest))}, or a later time.");
    }

    internal static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset NextHour(DateTimeOffset moment) =>
        moment.Ticks % TimeSpan.TicksPerHour == 0 ? moment : new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero).AddHours(1);
}
