using MassTransit;

namespace PhantomSync.Benchmarks.Ours;

internal sealed class JobState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public string TenantId { get; set; } = "";
}
