using System.Reflection;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Analytics;
using PhantomSync.Audit;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Riding;
using PhantomSync.Registry;

namespace PhantomSync.Tests.Specification;

/// <summary>Which of registry, analytics and audit does something with which event, and why the others do not.</summary>
[Trait("row", "S13.01"), Trait("row", "S14.01")]
public sealed class EventMatrixTests
{
    private const string Yes = "";

    /// <summary>Event, then why the registry and why analytics pass over it; nothing where they do not.</summary>
    public static TheoryData<string, string, string> Matrix { get; } = new()
    {
        { "ModelCreated", Yes, "measures nothing" },
        { "ModelUpdated", Yes, "measures nothing" },
        { "ModelDeleted", Yes, "what was measured stays true" },
        { "TrainingJobStarted", "there is no version before a training ends", "counts when it ends" },
        { "TrainingJobCompleted", Yes, Yes },
        { "TrainingJobFailed", "makes no version", Yes },
        { "InferenceCompleted", Yes, Yes },
        { "BatchInferenceCompleted", Yes, Yes },
        { "AgentExecutionStarted", "is about no model", "counts when it ends" },
        { "AgentExecutionCompleted", "is about no model", Yes },
        { "AuditLogCreated", "is the audit trail's own", "is the audit trail's own" },
        { "PerformanceMetricsUpdated", "is about no model", Yes },
        { "TenantCreated", "a tenant is active until something else is said", "measures nothing" },
        { "TenantUpdated", Yes, "measures nothing" },
        { "TenantSuspended", Yes, "measures nothing" },
    };

    [Theory, MemberData(nameof(Matrix))]
    public void Each_event_is_handled_or_passed_over_as_the_matrix_says(string eventType, string registryPassesOver, string analyticsPassesOver)
    {
        Handled(typeof(RegistryModule).Assembly).Contains(eventType).ShouldBe(registryPassesOver == Yes, registryPassesOver);
        Handled(typeof(AnalyticsModule).Assembly).Contains(eventType).ShouldBe(analyticsPassesOver == Yes, analyticsPassesOver);
    }

    [Fact]
    public void The_matrix_has_every_event_of_the_platform() =>
        Matrix.Select(row => row.Data.Item1).ShouldBe(EventCatalogue.Platform.Events.Select(e => e.EventType), ignoreOrder: true);

    [Fact]
    public void Every_consumer_has_its_line_in_the_module()
    {
        var services = new ServiceCollection();
        services.AddSyncEvents(EventCatalogue.Platform);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddModelRegistry();
                rider.AddAnalytics();
                rider.AddAudit();
                rider.AddAuditIndex();
                rider.UsingKafka((_, kafka) => kafka.Host("localhost:9092"));
            });
        });
        var registered = services.Select(service => service.ServiceType).ToHashSet();
        Assembly[] assemblies = [typeof(RegistryModule).Assembly, typeof(AnalyticsModule).Assembly, typeof(AuditModule).Assembly];
        assemblies.SelectMany(Consumers).Where(consumer => !registered.Contains(consumer)).ShouldBeEmpty();
    }

    private static IEnumerable<Type> Consumers(Assembly assembly) => assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IConsumer)));

    private static HashSet<string> Handled(Assembly assembly) =>
    [
        .. Consumers(assembly).SelectMany(consumer => consumer.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(type => type.GenericTypeArguments[0])
            .Select(message => message.IsGenericType && message.GetGenericTypeDefinition() == typeof(Batch<>) ? message.GenericTypeArguments[0] : message)
            .Where(message => message.IsAssignableTo(typeof(ISyncEvent)))
            .Select(message => message.Name),
    ];
}
