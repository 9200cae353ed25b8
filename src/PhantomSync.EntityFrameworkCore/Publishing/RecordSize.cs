using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>How large a record may be.</summary>
internal static class RecordSize
{
    public static WireFormatException Exceeded(long limit, long found) =>
        new(WireFormatError.LimitExceeded, "", $"at most {limit:N0} bytes", $"{found:N0}");
}
