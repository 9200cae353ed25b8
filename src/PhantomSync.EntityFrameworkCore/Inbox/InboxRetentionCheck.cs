using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.Kafka.Topics;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>
/// Keeps a host from starting whose inbox would forget an event while its topic can still deliver it: a replay of the topic
/// would be applied twice.
/// </summary>
internal sealed class InboxRetentionCheck(string contextName, TimeSpan inboxRetention, IServiceProvider services) : IHostedLifecycleService
{
    /// <exception cref="ConfigurationException">The inbox remembers no longer than the topics keep.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<TopicDefaults>()?.Retention is { } topics && inboxRetention <= topics)
        {
            throw new ConfigurationException(
                $"AddEntityFrameworkOutbox<{contextName}>: InboxRetention is {inboxRetention:c}, but topics keep their records for {topics:c} (TopicDefaults.Retention). Records read again after that would be applied twice. Set InboxRetention to more than {topics:c}, or shorten the topics' retention.");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
