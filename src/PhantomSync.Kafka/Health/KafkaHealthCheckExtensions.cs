using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Health;

/// <summary>Adds the way through Kafka to a host's health.</summary>
public static class KafkaHealthCheckExtensions
{
    /// <summary>
    /// Adds the check <c>kafka</c> with the tag <c>ready</c>: see <see cref="KafkaHealthProbe"/>. Its topic is made by the rider,
    /// like all others, unless <c>TopicDefaults.Create</c> is off.
    /// </summary>
    public static IHealthChecksBuilder AddKafkaHealthCheck(this IHealthChecksBuilder health, Action<KafkaHealthOptions>? configure = null)
    {
        var options = new KafkaHealthOptions();
        configure?.Invoke(options);
        health.Services.AddSingleton(options);
        health.Services.TryAddSingleton(provider =>
            new KafkaHealthProbe(provider.GetRequiredService<KafkaConnection>(), options, provider.GetService<TimeProvider>()));
        return health.Add(new HealthCheckRegistration("kafka", provider => provider.GetRequiredService<KafkaHealthProbe>(), HealthStatus.Unhealthy, ["ready"]));
    }
}
