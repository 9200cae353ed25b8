namespace PhantomSync.Registry.Models;

/// <summary>A model as others see it.</summary>
/// <param name="Status">What it is in effect: disabled while its tenant is suspended.</param>
/// <param name="IsPlaceholder">Other events spoke of it, its ModelCreated has not come yet.</param>
/// <param name="Row">What the registry keeps of it.</param>
public sealed record ModelView(ModelStatus Status, bool IsPlaceholder, RegisteredModel Row);
