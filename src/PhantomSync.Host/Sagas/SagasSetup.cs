using PhantomSync.EntityFrameworkCore;
using PhantomSync.Host.Hosting;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Training;
using PhantomSync.Workloads;

namespace PhantomSync.Host.Sagas;

/// <summary>The sagas, and the workloads that they stop and start, as the host runs them.</summary>
internal static class SagasSetup
{
    public static void AddSagasAndWorkloads(this PlatformParts parts, Action<TenantGateRules> gate, Action<TrainingSuspensionOptions> training)
    {
        parts.Bus.AddSagasStore(parts.Database("sagas"), parts.OutboxProvider, gate);
        parts.Bus.Configure(training);
        parts.Bus.AddTableSetup<SagasDbContext>();
        parts.Rider.AddSagas();
        parts.Bus.AddWorkloadsStore(parts.Database("workloads"), parts.OutboxProvider, gate);
        parts.Bus.AddTableSetup<WorkloadsDbContext>();
        parts.Rider.AddWorkloads();
    }
}
