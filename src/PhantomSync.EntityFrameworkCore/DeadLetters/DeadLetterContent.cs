namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>A dead letter with all that is kept of it.</summary>
/// <param name="Summary">What the list shows.</param>
/// <param name="KeyHash">Of topic and key; 0 where it has no key.</param>
/// <param name="Headers">The record's headers as they are stored; see <see cref="HeaderTexts"/>.</param>
/// <param name="Body">The record's value, byte for byte.</param>
/// <param name="Exception">The handler's exception with its stack; null where the record itself is at fault.</param>
public sealed record DeadLetterContent(DeadLetterSummary Summary, long KeyHash, byte[] Headers, byte[] Body, string? Exception)
{
    /// <summary>The headers as text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HeaderTexts => Outbox.HeaderCodec.Decode(Headers);
}
