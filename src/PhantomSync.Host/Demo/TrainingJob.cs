namespace PhantomSync.Host.Demo;

internal sealed class TrainingJob
{
    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    public required string ModelId { get; init; }

    public required string Status { get; set; }
}
