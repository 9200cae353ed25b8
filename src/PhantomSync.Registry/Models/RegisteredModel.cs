namespace PhantomSync.Registry.Models;

/// <summary>A model as the registry knows it. Before its ModelCreated has come, what that tells is null.</summary>
public sealed class RegisteredModel
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public string? Name { get; set; }

    public string? ModelType { get; set; }

    public string? Algorithm { get; set; }

    public string? CreatedBy { get; set; }

    /// <summary>What its ModelCreated said, a JSON array; null until then. Tells a repetition from another model of the same id.</summary>
    public string? CreatedAs { get; set; }

    /// <summary>What its owner made it. What it is while its tenant is suspended, <see cref="ModelDirectory"/> tells.</summary>
    public ModelStatus OwnStatus { get; set; }

    /// <summary>Where its attributes stand, by its owner's own labels; null before the first ModelUpdated.</summary>
    public string? AttributeVersion { get; set; }

    /// <summary>Every attribute that an update has ever set, with its value now, a JSON object; null before the first ModelUpdated.</summary>
    public string? Attributes { get; set; }

    /// <summary>The attributes that the last ModelUpdated changed, a JSON object.</summary>
    public string? LastChange { get; set; }

    public string? LastChangedBy { get; set; }

    /// <summary>When it last changed, by the clock of who changed it.</summary>
    public DateTimeOffset? LastChangedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public string? DeletionReason { get; set; }

    /// <summary>The number of its newest version; 0 before the first.</summary>
    public int LatestVersion { get; set; }

    public bool IsDeleted => OwnStatus == ModelStatus.Deleted;
}
