using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Hosting;

/// <summary>What a command needs to add its own stores and consumers to the host.</summary>
internal sealed record PlatformParts(
    IBusRegistrationConfigurator Bus,
    IRiderRegistrationConfigurator Rider,
    Func<string, Action<DbContextOptionsBuilder>> Database,
    Action<EntityFrameworkOutboxConfigurator> OutboxProvider);
