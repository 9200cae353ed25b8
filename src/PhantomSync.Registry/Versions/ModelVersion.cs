namespace PhantomSync.Registry.Versions;

/// <summary>What a training job made of a model.</summary>
public sealed class ModelVersion
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    /// <summary>Counts up from 1 per model, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>The job it came from; a job makes one version.</summary>
    public required string JobId { get; init; }

    public required string ArtifactsLocation { get; init; }

    /// <summary>The job's final metrics, a JSON object; what is not finite stands as a string.</summary>
    public required string Metrics { get; init; }

    public required ulong TrainingDurationMs { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the ModelUpdated that told the others.</summary>
    public required Guid AnnouncedBy { get; init; }

    public required VersionStage Stage { get; init; }

    /// <summary>How many steps its life has had.</summary>
    public int StageStep { get; init; } = 1;

    /// <summary>The version's name on the wire.</summary>
    public string Label => LabelOf(Number);

    /// <summary><c>v1</c>, <c>v2</c> …; <c>v0</c> before the first.</summary>
    public static string LabelOf(int number) => $"v{number}";

    internal StageHistoryEntry Step(int step, VersionStage? from, VersionStage to, string actor, string reason, DateTimeOffset at) => new()
    {
        TenantId = TenantId,
        ModelId = ModelId,
        Number = Number,
        Step = step,
        FromStage = from,
        ToStage = to,
        Actor = actor,
        Reason = reason,
        ChangedAt = at,
    };
}
