using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Analytics.DuckDb;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Analytics;

/// <summary>Analytics' table of contents.</summary>
public static class AnalyticsModule
{
    /// <summary>Its consumer group.</summary>
    public const string ServiceName = "analytics";

    /// <summary>The events that it records.</summary>
    public static IReadOnlyList<Type> RecordedEvents { get; } =
    [
        typeof(InferenceCompleted), typeof(BatchInferenceCompleted), typeof(TrainingJobCompleted), typeof(TrainingJobFailed),
        typeof(PerformanceMetricsUpdated), typeof(AgentExecutionCompleted),
    ];

    /// <summary>Its consumers, one line each. There is no inbox: what is written twice counts once.</summary>
    public static IRiderRegistrationConfigurator AddAnalytics(this IRiderRegistrationConfigurator rider) =>
        rider.AddService(ServiceName, service => service
            .Consumer<RecordInferences>()
            .Consumer<RecordBatchInferences>()
            .Consumer<RecordTrainings>()
            .Consumer<RecordFailedTrainings>()
            .Consumer<RecordPerformance>()
            .Consumer<RecordAgentExecutions>()
            .BatchLimit(10_000)
            .TransientFailures(ClickHouseFailures.IsTransient)
            .TransientFailures(DuckDbFailures.IsTransient));

    /// <summary>Its store and the questions it answers.</summary>
    /// <exception cref="FormatException">The address of the ClickHouse server is none.</exception>
    /// <exception cref="ArgumentException">The retention is too short or too long.</exception>
    public static void AddAnalyticsStore(this IServiceCollection services, Action<AnalyticsOptions> configure)
    {
        var options = new AnalyticsOptions();
        configure(options);
        if (options.Retention < TimeSpan.FromDays(1) || options.Retention > AnalyticsOptions.LongestRetention)
            throw new ArgumentException($"Retention is {options.Retention}; give one day to {AnalyticsOptions.LongestRetention.Days} days.", nameof(configure));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        if (options.ClickHouse is { } address)
        {
            var settings = ClickHouseAddress.Parse(address, options.StatementTimeout);
            services.AddSingleton(provider => new ClickHouseStore(settings, options.Retention, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IMetricsStore>(provider => provider.GetRequiredService<ClickHouseStore>());
            services.AddSingleton<IAnalyticsQueries, ClickHouseQueries>();
        }
        else
        {
            services.AddSingleton(provider => new DuckDbStore(options.DuckDbFile, options.Retention, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IMetricsStore>(provider => provider.GetRequiredService<DuckDbStore>());
            services.AddSingleton<IAnalyticsQueries, DuckDbQueries>();
        }

        services.AddSingleton(provider => new MetricsReconciler(provider.GetRequiredService<IMetricsStore>()));
        services.AddSingleton(provider => new MetricsRebuilder(provider.GetRequiredService<IMetricsStore>()));
        services.AddSingleton(provider => new MetricsEraser(provider.GetRequiredService<IMetricsStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MetricsSchema(provider.GetRequiredService<IMetricsStore>()));
        services.AddHostedService<MetricsUpkeep>();
    }
}
