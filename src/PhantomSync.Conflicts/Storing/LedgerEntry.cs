namespace PhantomSync.Conflicts.Storing;

/// <summary>A kept conflict that changed.</summary>
/// <param name="Record">As it is now.</param>
/// <param name="IsNew">Whether it was found just now.</param>
/// <param name="IsClosed">Whether it was resolved just now.</param>
internal sealed record LedgerEntry(ConflictRecord Record, bool IsNew, bool IsClosed);
