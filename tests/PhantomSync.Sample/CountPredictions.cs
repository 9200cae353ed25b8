using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;

namespace PhantomSync.Sample;

/// <summary>Predictions are many and small: they come a whole micro-batch at once, and each model is written once for all of them.</summary>
public sealed class CountPredictions(ReviewsDbContext reviews) : IConsumer<Batch<InferenceCompleted>>
{
    public async Task Consume(ConsumeContext<Batch<InferenceCompleted>> context)
    {
        foreach (var ((tenant, model), predictions) in context.Message.CountBy(item => (item.Message.TenantId, item.Message.ModelId)))
        {
            await reviews.Reviews.Where(review => review.TenantId == tenant && review.ModelId == model)
                .ExecuteUpdateAsync(set => set.SetProperty(review => review.Predictions, review => review.Predictions + predictions), context.CancellationToken);
        }
    }
}
