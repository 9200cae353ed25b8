using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts.Conflicts;

/// <summary>
/// The events of conflicts, which are no part of the platform's own: <c>EventCatalogue.Platform.With(ConflictEvents.All)</c>.
/// They travel by resource, so that a conflict's resolution never overtakes its detection.
/// </summary>
public static class ConflictEvents
{
    /// <summary>Where they travel.</summary>
    public const string Topic = "phantom.conflicts";

    /// <summary>Both of them.</summary>
    public static IReadOnlyList<EventDescriptor> All { get; } =
    [
        EventDescriptor.Create("ConflictDetected", Topic, e => PartitionKey.Of(e.TenantId, e.ResourceType, e.ResourceId), PlatformJson.Wire.ConflictDetected),
        EventDescriptor.Create("ConflictResolved", Topic, e => PartitionKey.Of(e.TenantId, e.ResourceType, e.ResourceId), PlatformJson.Wire.ConflictResolved),
    ];
}
