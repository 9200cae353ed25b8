namespace PhantomSync.Analytics;

/// <summary>How long the stretches of time are that a query sums up.</summary>
public enum Resolution
{
    /// <summary>One minute.</summary>
    Minute,

    /// <summary>One hour.</summary>
    Hour,

    /// <summary>One day, in UTC.</summary>
    Day,
}
