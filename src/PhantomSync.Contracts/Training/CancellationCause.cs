namespace PhantomSync.Contracts;

/// <summary>What a training job's cancellation comes of, as it is called on the wire.</summary>
public static class CancellationCause
{
    public const string TenantSuspended = "tenant_suspended";

    public const string ModelDeleted = "model_deleted";

    /// <summary>Somebody wanted it.</summary>
    public const string Requested = "requested";
}
