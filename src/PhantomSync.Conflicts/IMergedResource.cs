using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts;

/// <summary>Writes what the changes of a kind of resource come to into the resource itself.</summary>
public interface IMergedResource
{
    /// <summary>The kind, such as <c>ML_MODEL</c>.</summary>
    string ResourceType { get; }

    /// <summary>Gives the resource the values of <paramref name="state"/>; whoever calls it saves the context.</summary>
    /// <param name="owner">The context that keeps the resource.</param>
    /// <param name="resource">Which.</param>
    /// <param name="state">All fields that any change ever set, with their values now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task ApplyAsync(DbContext owner, ResourceKey resource, MergedState state, CancellationToken cancellationToken);

    /// <summary>What keeps a value that a person gives from being the field's, such as "a string"; null where nothing does.</summary>
    string? ExpectedInstead(string field, JsonElement value) => null;
}
