using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts;

/// <summary>For consumers that apply changes made elsewhere: detects conflicts among them and resolves those that rules can resolve.</summary>
public interface IConflictResolver
{
    /// <summary>
    /// Adds changes to what is known of a resource and says what it is now. Conflicts, and what is remembered of the changes, are
    /// added to <paramref name="owner"/>, the events go to its outbox, the resource's <see cref="IMergedResource"/>, where there is one,
    /// gives it its values: all of it is saved with whatever else the caller changes.
    /// </summary>
    /// <param name="owner">The context that keeps the resource; its model has <c>AddConflictEntities()</c>.</param>
    /// <param name="resource">Which resource.</param>
    /// <param name="changes">One or several changes of it, in any order; those that are known change nothing.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">There is no change, or one of another tenant.</exception>
    Task<ConflictOutcome> DetectAndResolveAsync(DbContext owner, ResourceKey resource, IReadOnlyList<ConflictingChange> changes, CancellationToken cancellationToken = default);

    /// <summary>Ends the open conflicts of a resource that is gone.</summary>
    Task AbandonAsync(DbContext owner, ResourceKey resource, string reason, CancellationToken cancellationToken = default);
}
