using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Tests.DeadLetters;

public sealed class InboxRetentionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Trait("row", "S12.17")]
    [InlineData(14, 14)]
    [InlineData(14, 30)]
    public async Task A_host_whose_inbox_forgets_sooner_than_its_topics_does_not_start(int inboxDays, int topicDays)
    {
        using var host = Build(TimeSpan.FromDays(inboxDays), TimeSpan.FromDays(topicDays));
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => host.StartAsync(Cancel));
        refusal.Message.ShouldContain($"InboxRetention is {inboxDays}.00:00:00");
        refusal.Message.ShouldContain($"{topicDays}.00:00:00");
        refusal.Message.ShouldContain("WorkshopContext");
    }

    private static IHost Build(TimeSpan inbox, TimeSpan topics)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddDbContext<WorkshopContext>(options => options.UseSqlite("Data Source=:memory:"));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddEntityFrameworkOutbox<WorkshopContext>(outbox => outbox.UseSqlite().InboxRetention = inbox);
            bus.AddRider(rider => rider.UsingKafka((_, kafka) =>
            {
                kafka.Host("127.0.0.1:1");
                kafka.TopicDefaults.Retention = topics;
            }));
        });
        return builder.Build();
    }
}
