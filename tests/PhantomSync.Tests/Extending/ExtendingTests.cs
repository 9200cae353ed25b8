using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Sample;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Extending;

/// <summary>The service that <c>docs/extending.md</c> shows, at work.</summary>
public sealed class ExtendingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_added_event_reaches_an_added_consumer_and_so_do_the_platforms_own()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-sample-");
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        using var host = await StartAsync(broker, log, $"Data Source={directory.FullName}/reviews.db");

        await PublishAsync(host, Reviewed("fraud", approved: false), Reviewed("fraud", approved: true), Reviewed("churn", approved: true));
        await Wait.ForAsync(async () => (await ReviewsAsync(host)).Sum(review => review.Count) == 3);
        await PublishAsync(host, [Deleted("churn"), .. Enumerable.Range(0, 20).Select(i => Inferred("fraud", i))]);
        await Wait.ForAsync(async () => await ReviewsAsync(host) is [{ ModelId: "fraud", Predictions: 20 }]);

        var fraud = (await ReviewsAsync(host)).ShouldHaveSingleItem();
        (fraud.Version, fraud.Approved, fraud.ReviewedBy, fraud.Count).ShouldBe(("v3", true, "carol", 2));
        await host.StopAsync(Cancellation);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task An_event_that_is_delivered_again_counts_once()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-sample-");
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        using var host = await StartAsync(broker, log, $"Data Source={directory.FullName}/reviews.db");

        var once = Reviewed("fraud", approved: true) with { SyncMetadata = SyncMetadata.Unset with { IdempotencyKey = "review-1", EventId = Guid.CreateVersion7() } };
        await PublishAsync(host, once);
        await PublishAsync(host, once);
        await PublishAsync(host, Reviewed("fraud", approved: false));
        await Wait.ForAsync(async () => await ReviewsAsync(host) is [{ Approved: false }]);
        (await ReviewsAsync(host))[0].Count.ShouldBe(2);
        await host.StopAsync(Cancellation);
        directory.Delete(recursive: true);
    }

    private static async Task<IHost> StartAsync(EmbeddedBroker broker, VolatileLog log, string database)
    {
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedBroker(broker, log);
        builder.Services.AddSyncEvents(ReviewEvents.Catalogue);
        builder.Services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddReviewsStore(options => options.UseSqlite(database), outbox => outbox.UseSqlite());
            bus.AddRider(rider =>
            {
                rider.AddReviews();
                rider.UsingKafka((context, kafka) => kafka.ConfigureServices(context));
            });
        });
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ReviewsDbContext>().EnsureTablesAsync(Cancellation);
        await host.StartAsync(Cancellation);
        return host;
    }

    private static async Task PublishAsync(IHost host, params IEnumerable<ISyncEvent> events)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        foreach (var e in events)
            await publish.Publish((object)e, Cancellation);
        await scope.ServiceProvider.GetRequiredService<ReviewsDbContext>().SaveChangesAsync(Cancellation);
    }

    private static async Task<List<Review>> ReviewsAsync(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ReviewsDbContext>().Reviews.AsNoTracking().ToListAsync(Cancellation);
    }

    private static ModelReviewed Reviewed(string model, bool approved) => new() { TenantId = "acme", ModelId = model, Version = "v3", Approved = approved, ReviewedBy = "carol" };

    private static ModelDeleted Deleted(string model) => new() { TenantId = "acme", ModelId = model, DeletionReason = "obsolete", DeletedBy = "bob" };

    private static InferenceCompleted Inferred(string model, int i) => new()
    {
        TenantId = "acme",
        ModelId = model,
        InferenceId = $"inference-{i}",
        Version = "v3",
        InputFeatures = JsonElement.Parse("{}"),
        Prediction = JsonElement.Parse("true"),
        Confidence = 0.9,
        InferenceTimeMs = 3,
        RequestedBy = "checkout",
    };
}
