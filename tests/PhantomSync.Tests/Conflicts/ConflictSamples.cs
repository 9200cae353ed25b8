using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.Tests.Contracts;

namespace PhantomSync.Tests.Conflicts;

/// <summary>The events of conflicts as their golden files have them.</summary>
internal static class ConflictSamples
{
    public static readonly ConflictDetected Detected = new()
    {
        ConflictId = Guid.Parse("0198c0de-0000-8000-8000-000000000009"),
        TenantId = "tenant-1",
        ResourceType = "ML_MODEL",
        ResourceId = "model-42",
        Fields = ["name", "status"],
        Changes =
        [
            new ContendingChange { ChangeId = "change-1", SourceService = "model-service", Timestamp = Timestamp.Parse("2026-03-01T12:00:00Z") },
            new ContendingChange { ChangeId = "change-2", SourceService = "training_service", Timestamp = Timestamp.Parse("2026-03-01T12:00:00.5Z") },
        ],
        Strategy = "LastWriteWins",
        SyncMetadata = Samples.Metadata,
    };

    public static readonly ConflictResolved Resolved = new()
    {
        ConflictId = Detected.ConflictId,
        TenantId = "tenant-1",
        ResourceType = "ML_MODEL",
        ResourceId = "model-42",
        Strategy = "ManualResolution",
        WinningChange = null,
        Resolution = new Dictionary<string, JsonElement> { ["name"] = Samples.Json("\"Churn\"") },
        ResolvedBy = "alice",
        Reason = "agreed with both teams",
        SyncMetadata = Samples.Metadata,
    };

    public static IReadOnlyList<ISyncEvent> All => [Detected, Resolved];
}
