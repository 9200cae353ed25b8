namespace PhantomSync.Audit.Search;

/// <param name="Words">In this order, with a space between.</param>
/// <param name="IsPrefix">The only word is the beginning of one.</param>
internal sealed record TextClause(string Words, bool IsPrefix);
