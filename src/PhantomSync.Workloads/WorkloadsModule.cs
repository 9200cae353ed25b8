using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Workloads.Agents;
using PhantomSync.Workloads.Inference;
using PhantomSync.Workloads.Tenants;
using PhantomSync.Workloads.Training;

namespace PhantomSync.Workloads;

/// <summary>The workload service's table of contents: three consumer groups, which answer a suspension separately.</summary>
public static class WorkloadsModule
{
    /// <summary>The source of its events.</summary>
    public const string ServiceName = "workloads";

    public const string TrainingGroup = "training-workloads";

    public const string InferenceGroup = "inference-workloads";

    public const string AgentsGroup = "agent-workloads";

    /// <summary>Training, and the directory of tenants for all three.</summary>
    public static IRiderRegistrationConfigurator AddTrainingWorkloads(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<WorkloadsDbContext>(TrainingGroup, service => service.Consumer<TrackTraining>().Consumer<TrackQuotas>().Consumer<HoldTraining>().Consumer<TrackTenants<WorkloadsDbContext>>());

    public static IRiderRegistrationConfigurator AddInferenceWorkloads(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<WorkloadsDbContext>(InferenceGroup, service => service.Consumer<TrackInference>().Consumer<HoldInference>());

    public static IRiderRegistrationConfigurator AddAgentWorkloads(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<WorkloadsDbContext>(AgentsGroup, service => service.Consumer<TrackAgents>().Consumer<HoldAgents>());

    /// <summary>All three.</summary>
    public static IRiderRegistrationConfigurator AddWorkloads(this IRiderRegistrationConfigurator rider) =>
        rider.AddTrainingWorkloads().AddInferenceWorkloads().AddAgentWorkloads();

    /// <summary>Their database, with outbox and inbox, and what reads it.</summary>
    /// <param name="bus">Takes the registrations.</param>
    /// <param name="database">Where it is.</param>
    /// <param name="outbox">Its kind of outbox.</param>
    /// <param name="gate">What becomes of the events of suspended, unknown and deleted tenants, where it is not the usual.</param>
    public static void AddWorkloadsStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action<TenantGateRules>? gate = null)
    {
        bus.AddDbContext<WorkloadsDbContext>(database);
        bus.AddEntityFrameworkOutbox<WorkloadsDbContext>(configure =>
        {
            configure.ServiceName = ServiceName;
            outbox(configure);
        });
        bus.AddTenantGate<WorkloadsDbContext>(workloads => workloads.Standings.Where(standing => standing.IsSuspended).Select(standing => standing.TenantId), gate);
        bus.AddScoped<CascadeAnswers>();
        bus.AddScoped<QuotaCheck>();
        bus.AddScoped<WorkloadDirectory>();
    }
}
