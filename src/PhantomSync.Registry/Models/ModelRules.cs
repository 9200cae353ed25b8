using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>What an event means for a model in the state it meets.</summary>
internal static class ModelRules
{
    /// <summary>A model starts with its first ModelCreated, which also completes a placeholder or describes a tombstone.</summary>
    public static CreationVerdict Judge(RegisteredModel model, ModelCreated created) => model.CreatedAs switch
    {
        null => CreationVerdict.Describe,
        var before when before == ContentOf(created) => CreationVerdict.Repeated,
        _ when model.IsDeleted => CreationVerdict.AfterDeletion,
        _ => CreationVerdict.Different,
    };

    /// <summary>
    /// The first label is taken as given: ModelCreated has none. The same change to the same version again is a repetition.
    /// </summary>
    public static UpdateVerdict Judge(RegisteredModel model, ModelUpdated updated)
    {
        if (updated.SyncMetadata.SourceService == RegistryModule.ServiceName)
            return UpdateVerdict.OwnAnnouncement;
        if (model.IsDeleted)
            return UpdateVerdict.AfterDeletion;
        if (model.AttributeVersion is null || model.AttributeVersion == updated.PreviousVersion)
            return UpdateVerdict.Apply;
        return model.AttributeVersion == updated.NewVersion && model.LastChange == ContentOf(updated)
            ? UpdateVerdict.Repeated
            : UpdateVerdict.ApplyDespiteMismatch;
    }

    /// <summary>Fills in what is not known better: an update may have come first.</summary>
    public static void Describe(RegisteredModel model, ModelCreated created)
    {
        model.CreatedAs = ContentOf(created);
        model.Name ??= created.Name;
        model.ModelType ??= created.ModelType;
        model.Algorithm ??= created.Algorithm;
        model.CreatedBy = created.CreatedBy;
        model.LastChangedBy ??= created.CreatedBy;
        model.LastChangedAt ??= created.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    public static void Apply(RegisteredModel model, ModelUpdated updated)
    {
        model.Name = Text(updated, "name") ?? model.Name;
        model.ModelType = Text(updated, "model_type") ?? model.ModelType;
        model.Algorithm = Text(updated, "algorithm") ?? model.Algorithm;
        model.OwnStatus = Text(updated, "status") switch
        {
            "active" => ModelStatus.Active,
            "disabled" => ModelStatus.Disabled,
            _ => model.OwnStatus,
        };
        model.AttributeVersion = updated.NewVersion;
        model.LastChange = ContentOf(updated);
        model.LastChangedBy = updated.UpdatedBy;
        model.LastChangedAt = updated.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    /// <summary>The first deletion counts; a further one changes nothing.</summary>
    public static void Delete(RegisteredModel model, ModelDeleted deleted)
    {
        if (model.IsDeleted)
            return;
        model.OwnStatus = ModelStatus.Deleted;
        model.DeletedAt = model.LastChangedAt = deleted.SyncMetadata.OccurredAt.ToDateTimeOffset();
        model.DeletionReason = deleted.DeletionReason;
        model.LastChangedBy = deleted.DeletedBy;
    }

    /// <summary>What a model is in effect. Deleted and disabled models stay what they are through a suspension.</summary>
    public static ModelStatus StatusOf(ModelStatus own, bool tenantSuspended) =>
        own == ModelStatus.Active && tenantSuspended ? ModelStatus.Disabled : own;

    public static string ContentOf(ModelCreated created) =>
        JsonSerializer.Serialize<string[]>([created.Name, created.ModelType, created.Algorithm, created.CreatedBy]);

    public static string ContentOf(ModelUpdated updated) =>
        JsonSerializer.Serialize(updated.Changes.OrderBy(change => change.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));

    private static string? Text(ModelUpdated updated, string attribute) =>
        updated.Changes.TryGetValue(attribute, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
