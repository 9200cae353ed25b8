using PhantomSync.Contracts;

namespace PhantomSync.Sample;

/// <summary>The platform's events and this service's own.</summary>
public static class ReviewEvents
{
    public static EventCatalogue Catalogue { get; } = EventCatalogue.Platform.With(
        EventDescriptor.Create("ModelReviewed", "phantom.reviews", e => PartitionKey.Of(e.TenantId, e.ModelId), ReviewsJson.Default.ModelReviewed));
}
