namespace PhantomSync.Analytics.ClickHouse;

/// <summary>One thing that a roll-up keeps.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Type">The column's type.</param>
/// <param name="OfRows">How it is made of rows.</param>
/// <param name="OfFiner">How it is made of a finer roll-up's.</param>
internal sealed record Measure(string Column, string Type, string OfRows, string OfFiner);
