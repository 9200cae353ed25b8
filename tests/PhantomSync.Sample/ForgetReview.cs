using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sample;

/// <summary>A model that is gone needs no review.</summary>
public sealed class ForgetReview(ReviewsDbContext reviews) : IConsumer<ModelDeleted>
{
    public async Task Consume(ConsumeContext<ModelDeleted> context)
    {
        var deleted = context.Message;
        if (await reviews.Reviews.FindAsync([deleted.TenantId, deleted.ModelId], context.CancellationToken) is { } review)
            reviews.Remove(review);
    }
}
