using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

public class OrderState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public string Number { get; set; } = "";

    /// <summary>Every note, one after the other.</summary>
    public string Notes { get; set; } = "";

    public Guid? PaymentToken { get; set; }
}
