using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Riding;

/// <summary>Notes the effect of two kinds of events, as the script says.</summary>
public sealed class ApplyModel(LedgerContext ledger, Script script, IServiceProvider services) : IConsumer<ModelCreated>, IConsumer<ModelDeleted>
{
    public Task Consume(ConsumeContext<ModelCreated> context) => ApplyAsync(context, context.Message, context.Message.ModelId, context.Message.Name);

    public Task Consume(ConsumeContext<ModelDeleted> context) => ApplyAsync(context, context.Message, context.Message.ModelId, context.Message.DeletionReason);

    private async Task ApplyAsync(ConsumeContext context, ISyncEvent message, string model, string note)
    {
        script.Attempts.Enqueue(note);
        ledger.Effects.Add(new Effect { EventId = message.SyncMetadata.EventId, Tenant = message.TenantId, Model = model, Note = note });
        await script.Act(new Deed(message, note, context, ledger, services));
    }
}
