namespace PhantomSync.Audit.Sealing;

/// <summary>How far the sealer has got; one row. Whoever changes it gains nothing: verifying finds what it makes the sealer pass over.</summary>
internal sealed class SealedTo
{
    public required int Id { get; init; }

    /// <summary>The writing transaction of the last sealed entry; 0 where positions are in the order of commits.</summary>
    public required long Transaction { get; init; }

    public required long Position { get; init; }
}
