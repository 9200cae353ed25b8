namespace PhantomSync.Analytics.Querying;

/// <summary>What the engines need to know of a resolution.</summary>
internal static class Resolutions
{
    /// <summary>As it is written in names of tables and in <c>date_trunc</c>.</summary>
    public static string Name(this Resolution resolution) => resolution switch
    {
        Resolution.Minute => "minute",
        Resolution.Hour => "hour",
        Resolution.Day => "day",
        _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "Minute, Hour or Day"),
    };

    public static double Seconds(this Resolution resolution) => resolution switch
    {
        Resolution.Minute => 60,
        Resolution.Hour => 3_600,
        _ => 86_400,
    };

    /// <summary>The start of the stretch that a moment lies in.</summary>
    public static DateTime Floor(this Resolution resolution, DateTime moment) =>
        new(moment.Ticks - (moment.Ticks % TimeSpan.FromSeconds(resolution.Seconds()).Ticks), DateTimeKind.Utc);
}
