using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>A handler with a fault: it cannot stand version v2 of the model 'bad'.</summary>
public sealed class WriteLine(PoisonContext lines) : IConsumer<ModelUpdated>
{
    public Task Consume(ConsumeContext<ModelUpdated> context)
    {
        lines.Lines.Add(new PoisonContext.Line { Model = context.Message.ModelId, Version = context.Message.NewVersion });
        return context.Message is { ModelId: "bad", NewVersion: "v2" } ? throw new InvalidOperationException("the handler stumbles over v2") : Task.CompletedTask;
    }
}
