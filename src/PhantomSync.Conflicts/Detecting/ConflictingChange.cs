using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>A change of some fields of a resource, and what its maker knew when making it.</summary>
public sealed record ConflictingChange
{
    /// <summary>The same change always has the same id, however often and in whatever event it comes.</summary>
    public required string ChangeId { get; init; }

    public required string TenantId { get; init; }

    /// <summary>The service that made it.</summary>
    public required string SourceService { get; init; }

    /// <summary>When it was made, by the clock of that service.</summary>
    public required Timestamp Timestamp { get; init; }

    /// <summary>The changed fields with their new values; JSON null sets to null.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Changes { get; init; }

    /// <summary>Who made it; null where that is not known.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>The number of the version that it made, where versions have numbers.</summary>
    public ulong? Version { get; init; }

    /// <summary>What its source had seen, where it keeps count.</summary>
    public VectorClock? VectorClock { get; init; }

    /// <summary>The label of the version that it was made to.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The label of the version that it made.</summary>
    public string? NewVersion { get; init; }

    /// <summary>Changes that it is known to follow: those that a person decided between.</summary>
    public IReadOnlyList<string> Supersedes { get; init; } = [];

    /// <summary>Whether its values are forgotten, and only its place among the others is remembered.</summary>
    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal bool IsBare { get; init; }

    /// <summary>
    /// A change as the metadata of its event describes it: the event's id, source, time and vector clock.
    /// </summary>
    /// <exception cref="ArgumentException">The metadata is not filled in.</exception>
    public static ConflictingChange Of(SyncMetadata metadata, IReadOnlyDictionary<string, JsonElement> changes)
    {
        if (metadata.EventId == Guid.Empty)
            throw new ArgumentException("The event has no id yet, so its change cannot be told from others. Take the metadata of an event that was received.", nameof(metadata));
        return new ConflictingChange
        {
            ChangeId = metadata.EventId.ToString(),
            TenantId = metadata.TenantId,
            SourceService = metadata.SourceService,
            Timestamp = metadata.OccurredAt,
            Changes = changes,
            VectorClock = metadata.VectorClock,
        };
    }
}
