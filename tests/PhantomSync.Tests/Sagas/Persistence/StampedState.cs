using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>An instance whose concurrency token the database counts: PostgreSQL's <c>xmin</c>.</summary>
public sealed class StampedState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public uint Stamp { get; set; }

    public int Notes { get; set; }
}
