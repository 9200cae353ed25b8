using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class ParcelState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public string Number { get; set; } = "";

    public string Notes { get; set; } = "";

    public Guid? StockRequest { get; set; }

    /// <summary>Which parts of the composite event have come.</summary>
    public int Ready { get; set; }
}

/// <summary>Mapped with a key that no saga can have.</summary>
public sealed class ForeignState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Mapped without anything that tells two changes at once.</summary>
public sealed class BareState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";
}
