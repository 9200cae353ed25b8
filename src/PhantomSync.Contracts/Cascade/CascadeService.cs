namespace PhantomSync.Contracts;

/// <summary>The services that take part in a tenant's suspension, as they are called on the wire.</summary>
public static class CascadeService
{
    public const string Models = "model-registry";

    public const string Training = "training";

    public const string Inference = "inference";

    public const string Agents = "agents";

    public static IReadOnlyList<string> All { get; } = [Models, Training, Inference, Agents];
}
