using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Sagas.Queries;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas;

/// <summary>The sagas' table of contents.</summary>
public static class SagasModule
{
    /// <summary>The source of what the sagas publish.</summary>
    public const string ServiceName = "sagas";

    /// <summary>The consumer group of the training saga.</summary>
    public const string TrainingGroup = "training-lifecycle";

    /// <summary>The consumer group of the suspension saga.</summary>
    public const string SuspensionGroup = "tenant-suspension";

    /// <summary>Both sagas, and what cancels, pauses and resumes jobs.</summary>
    public static IRiderRegistrationConfigurator AddSagas(this IRiderRegistrationConfigurator rider)
    {
        rider.AddService<SagasDbContext>(TrainingGroup, service => service
            .Saga<TrainingLifecycle, TrainingLifecycleState>(saga => saga
                .Configure((_, configure) => configure.Message<ModelUpdated>(message => message.UseFilter(new OnlyVersions())))
                .EntityFrameworkRepository(repository => repository.MissingInstances = MissingInstancePolicy.Discard))
            .Consumer<HoldTrainingOfTenant>()
            .Consumer<CancelTrainingOfModel>());
        return rider.AddService<SagasDbContext>(SuspensionGroup, service => service
            .Saga<TenantSuspension, TenantSuspensionState>(saga => saga
                .EntityFrameworkRepository(repository => repository.MissingInstances = MissingInstancePolicy.Discard))
            .Consumer<TrackTenants<SagasDbContext>>());
    }

    /// <summary>Their database, with outbox and inbox, and what reads it.</summary>
    /// <param name="bus">Takes the registrations.</param>
    /// <param name="database">Where it is.</param>
    /// <param name="outbox">Its kind of outbox.</param>
    /// <param name="gate">What becomes of the events of suspended, unknown and deleted tenants, where it is not the usual.</param>
    public static void AddSagasStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action<TenantGateRules>? gate = null)
    {
        bus.AddDbContext<SagasDbContext>(database);
        bus.AddEntityFrameworkOutbox<SagasDbContext>(configure =>
        {
            configure.ServiceName = ServiceName;
            outbox(configure);
        });
        bus.AddOptions<TrainingLifecycleOptions>().ValidateOnStart();
        bus.AddOptions<TenantSuspensionOptions>().ValidateOnStart();
        bus.AddOptions<TrainingSuspensionOptions>().ValidateOnStart();
        bus.AddSingleton<IValidateOptions<TrainingLifecycleOptions>, TrainingLifecycleOptionsValidator>();
        bus.AddSingleton<IValidateOptions<TenantSuspensionOptions>, TenantSuspensionOptionsValidator>();
        bus.AddSingleton<IValidateOptions<TrainingSuspensionOptions>, TrainingSuspensionOptionsValidator>();
        bus.AddTenantGate<SagasDbContext>(
            sagas => sagas.Suspensions
                .Where(tenant => tenant.CurrentState == nameof(CascadeStatus.Suspending) || tenant.CurrentState == nameof(CascadeStatus.Suspended)).Select(tenant => tenant.TenantId),
            gate);
        bus.AddScoped<RunningTraining>();
        bus.AddScoped<TrainingTermsLookup>();
        bus.AddScoped<SagaQueries>();
    }
}
