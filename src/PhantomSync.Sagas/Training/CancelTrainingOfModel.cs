using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>A deleted model's running jobs are cancelled.</summary>
public sealed class CancelTrainingOfModel(RunningTraining running) : IConsumer<ModelDeleted>
{
    public async Task Consume(ConsumeContext<ModelDeleted> context)
    {
        var deleted = context.Message;
        foreach (var job in await running.OfModelAsync(deleted.TenantId, deleted.ModelId, context.CancellationToken))
            await context.Publish(RunningTraining.Cancel(job, CancellationCause.ModelDeleted, $"model deleted: {deleted.DeletionReason}", deleted.DeletedBy), context.CancellationToken);
    }
}
