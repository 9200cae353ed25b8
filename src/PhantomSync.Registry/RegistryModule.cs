using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Conflicts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Tenants;
using PhantomSync.Registry.Usage;
using PhantomSync.Registry.Versions;

namespace PhantomSync.Registry;

/// <summary>The model registry's table of contents.</summary>
public static class RegistryModule
{
    /// <summary>Its consumer group, and the source of its events.</summary>
    public const string ServiceName = "model-registry";

    /// <summary>Its consumers, one line each.</summary>
    public static IRiderRegistrationConfigurator AddModelRegistry(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<RegistryDbContext>(ServiceName, service => service
            .Consumer<RegisterModel>()
            .Consumer<ApplyModelUpdate>()
            .Consumer<BuryModel>()
            .Consumer<RecordModelVersion>()
            .Consumer<SuspendModels>()
            .Consumer<ResumeModels>()
            .Consumer<TrackTenants<RegistryDbContext>>()
            .Consumer<AnswerCascade>()
            .Consumer<CountInferences>()
            .Consumer<CountBatchInferences>()

            // The more predictions a batch has, the more of them fall on one row of usage.
            .BatchLimit(2_000));

    /// <summary>Its database, with outbox and inbox, and what reads and changes it.</summary>
    /// <param name="bus">Takes the registrations.</param>
    /// <param name="database">Where it is.</param>
    /// <param name="outbox">Its kind of outbox.</param>
    /// <param name="gate">What becomes of the events of suspended, unknown and deleted tenants, where it is not the usual.</param>
    public static void AddModelRegistryStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action<TenantGateRules>? gate = null)
    {
        bus.AddDbContext<RegistryDbContext>(database);
        bus.AddEntityFrameworkOutbox<RegistryDbContext>(configure =>
        {
            configure.ServiceName = ServiceName;
            outbox(configure);
        });
        bus.AddConflictQueue<RegistryDbContext>(ServiceName);
        bus.AddMergedResource<MergedModel>();
        bus.AddTenantGate<RegistryDbContext>(registry => registry.Tenants.Where(tenant => tenant.IsSuspended).Select(tenant => tenant.TenantId), gate);
        bus.AddScoped<ModelDirectory>();
        bus.AddScoped<VersionStages>();
        bus.AddScoped<ModelUsage>();
    }
}
