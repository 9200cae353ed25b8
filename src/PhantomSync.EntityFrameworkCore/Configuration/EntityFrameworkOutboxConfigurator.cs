using System.Reflection;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>How a context's outbox and inbox work.</summary>
public sealed class EntityFrameworkOutboxConfigurator
{
    internal EntityFrameworkOutboxConfigurator()
    {
    }

    /// <summary>The service that owns the context: <c>source_service</c> of what it publishes. Default: the entry assembly's name.</summary>
    public string ServiceName { get; set; } = Assembly.GetEntryAssembly()?.GetName().Name ?? "service";

    /// <summary>That service's release: <c>source_version</c> of what it publishes. Default: the entry assembly's version.</summary>
    public string ServiceVersion { get; set; } = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>
    /// How long the inbox remembers an event, at least: longer than any source of replays, such as the topics' retention.
    /// Default 14 days.
    /// </summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether this process runs a relay for the outbox. Default true.</summary>
    public bool RunRelay { get; set; } = true;

    internal bool IsBusOutbox { get; private set; }

    internal OutboxProvider Provider { get; private set; }

    internal List<Action<OutboxRelayOptions>> Relay { get; } = [];

    public EntityFrameworkOutboxConfigurator UsePostgres()
    {
        Provider = OutboxProvider.Postgres;
        return this;
    }

    public EntityFrameworkOutboxConfigurator UseSqlite()
    {
        Provider = OutboxProvider.Sqlite;
        return this;
    }

    /// <summary>What is published outside of consumers goes to this context's outbox.</summary>
    public EntityFrameworkOutboxConfigurator UseBusOutbox()
    {
        IsBusOutbox = true;
        return this;
    }

    /// <summary>Changes how the relay works.</summary>
    public EntityFrameworkOutboxConfigurator ConfigureRelay(Action<OutboxRelayOptions> configure)
    {
        Relay.Add(configure);
        return this;
    }
}
