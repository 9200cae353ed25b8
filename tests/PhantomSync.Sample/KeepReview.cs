using MassTransit;

namespace PhantomSync.Sample;

/// <summary>The latest review of a model counts.</summary>
public sealed class KeepReview(ReviewsDbContext reviews) : IConsumer<ModelReviewed>
{
    public async Task Consume(ConsumeContext<ModelReviewed> context)
    {
        var reviewed = context.Message;
        var review = await reviews.Reviews.FindAsync([reviewed.TenantId, reviewed.ModelId], context.CancellationToken)
            ?? reviews.Add(new Review { TenantId = reviewed.TenantId, ModelId = reviewed.ModelId }).Entity;
        (review.Version, review.Approved, review.ReviewedBy) = (reviewed.Version, reviewed.Approved, reviewed.ReviewedBy);
        review.Count++;
    }
}
