using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Sample;

/// <summary>The service's table of contents.</summary>
public static class ReviewsModule
{
    public const string ServiceName = "reviews";

    public static IRiderRegistrationConfigurator AddReviews(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<ReviewsDbContext>(ServiceName, service => service
            .Consumer<KeepReview>()
            .Consumer<ForgetReview>()
            .Consumer<CountPredictions>());

    public static void AddReviewsStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox)
    {
        bus.AddDbContext<ReviewsDbContext>(database);
        bus.AddEntityFrameworkOutbox<ReviewsDbContext>(configure =>
        {
            configure.ServiceName = ServiceName;
            configure.UseBusOutbox();
            outbox(configure);
        });
    }
}
