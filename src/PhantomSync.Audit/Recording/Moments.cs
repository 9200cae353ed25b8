using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Recording;

/// <summary>How moments are kept: to the microsecond in both stores.</summary>
internal static class Moments
{
    public static ValueConverter<Timestamp, DateTime> ToDateTime { get; } = new(
        moment => moment.ToMicroseconds().ToDateTimeOffset().UtcDateTime,
        stored => Timestamp.From(new DateTimeOffset(stored, TimeSpan.Zero)));

    public static ValueConverter<Timestamp, long> ToMicroseconds { get; } = new(
        moment => moment.UnixMicroseconds,
        stored => Timestamp.FromUnixMicroseconds(stored));
}
