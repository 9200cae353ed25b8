namespace PhantomSync.Audit.Indexing;

/// <summary>When the index was made anew from the record of truth.</summary>
internal sealed class IndexGeneration
{
    public required Guid Id { get; init; }

    public required DateTimeOffset RebuiltAt { get; init; }
}
