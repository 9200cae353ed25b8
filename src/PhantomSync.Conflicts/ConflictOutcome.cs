using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts;

/// <summary>What became of some changes.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="State">What the resource is now.</param>
/// <param name="Conflicts">The conflicts that the changes brought about, none where they were known already.</param>
public sealed record ConflictOutcome(ConflictOutcomeKind Kind, MergedState State, IReadOnlyList<Guid> Conflicts);
