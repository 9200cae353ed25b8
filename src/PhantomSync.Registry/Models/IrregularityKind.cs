namespace PhantomSync.Registry.Models;

/// <summary>In which way an event did not fit.</summary>
public enum IrregularityKind
{
    /// <summary>A ModelCreated for a model that was created before, with other content. Not applied.</summary>
    CreatedDifferently,

    /// <summary>A ModelCreated or ModelUpdated after the model's deletion. Not applied.</summary>
    ChangedAfterDeletion,

    /// <summary>A training that ended after the model's deletion. Its result is an archived version.</summary>
    TrainedAfterDeletion,
}
