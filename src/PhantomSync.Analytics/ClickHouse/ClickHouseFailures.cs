using ClickHouse.Driver;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>ClickHouse's failures that pass, by its error codes: all that do not lie in the rows.</summary>
internal static class ClickHouseFailures
{
    public static bool? IsTransient(Exception exception) => exception is ClickHouseServerException server
        ? server.ErrorCode is not (
            6 or 26 or 27 or 38 or 41 or 72     // a value's text cannot be parsed
            or 33 or 117                        // the data is cut off or not what it says
            or 53 or 70 or 131 or 321 or 349    // a value does not fit its type
            or 69 or 407                        // a value is out of bounds
            or 469)                             // a constraint
        : null;
}
