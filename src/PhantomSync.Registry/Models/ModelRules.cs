using System.Globalization;
using System.Text.Json;
using PhantomSync.Conflicts.Detecting;
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

    public static UpdateVerdict Judge(RegisteredModel model, ModelUpdated updated)
    {
        if (updated.SyncMetadata.SourceService == RegistryModule.ServiceName)
            return UpdateVerdict.OwnAnnouncement;
        return model.IsDeleted ? UpdateVerdict.AfterDeletion : UpdateVerdict.Apply;
    }

    /// <summary>
    /// An update as a change of attributes. Attributes of the registry's own that are given what they cannot be are left out. A
    /// label such as <c>7</c> or <c>v7</c> numbers the version.
    /// </summary>
    public static ConflictingChange ChangeOf(ModelUpdated updated) =>
        ConflictingChange.Of(updated.SyncMetadata, updated.Changes.Where(change => ExpectedInstead(change.Key, change.Value) is null).ToDictionary(StringComparer.Ordinal)) with
        {
            ChangedBy = updated.UpdatedBy,
            PreviousVersion = updated.PreviousVersion,
            NewVersion = updated.NewVersion,
            Version = ulong.TryParse(updated.NewVersion.AsSpan(updated.NewVersion.StartsWith('v') ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        };

    /// <summary>What an attribute would have to be; null where it may be that value.</summary>
    public static string? ExpectedInstead(string attribute, JsonElement value) => attribute switch
    {
        "name" or "model_type" or "algorithm" when value.ValueKind != JsonValueKind.String => "a string",
        "status" when value.ValueKind != JsonValueKind.String || value.GetString() is not ("active" or "disabled") => "\"active\" or \"disabled\"",
        _ => null,
    };

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

    /// <summary>What no update has set stays as its ModelCreated said.</summary>
    public static void Apply(RegisteredModel model, MergedState state)
    {
        model.Name = Text(state, "name") ?? model.Name;
        model.ModelType = Text(state, "model_type") ?? model.ModelType;
        model.Algorithm = Text(state, "algorithm") ?? model.Algorithm;
        model.OwnStatus = Text(state, "status") == "disabled" ? ModelStatus.Disabled : ModelStatus.Active;
        model.Attributes = ContentOf(state.Fields.ToDictionary(field => field.Key, field => field.Value.Value, StringComparer.Ordinal));
        if (state.Latest is not { } latest)
            return;
        model.AttributeVersion = latest.NewVersion;
        model.LastChange = ContentOf(latest.Changes);
        model.LastChangedBy = latest.ChangedBy;
        model.LastChangedAt = latest.Timestamp.ToDateTimeOffset();
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

    public static string ContentOf(IReadOnlyDictionary<string, JsonElement> changes) =>
        JsonSerializer.Serialize(changes.OrderBy(change => change.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));

    private static string? Text(MergedState state, string attribute) => state.Fields.TryGetValue(attribute, out var field) ? field.Value.GetString() : null;
}
