using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>What each service is told, and in which order.</summary>
internal static class CascadeCommands
{
    /// <summary>
    /// A suspension tells all at once: none of them must wait for one that does not answer. Its end goes upwards: nothing is
    /// switched on before the models that it answers with, no agent before the inference that it asks.
    /// </summary>
    private static readonly IReadOnlyList<string>[] Resumption = [[CascadeService.Models], [CascadeService.Training, CascadeService.Inference], [CascadeService.Agents]];

    /// <summary>The services of a step.</summary>
    /// <returns>Null where there is no such step.</returns>
    public static IReadOnlyList<string>? Step(string action, int phase) => action == CascadeAction.Suspend
        ? phase == 0 ? CascadeService.All : null
        : phase < Resumption.Length ? Resumption[phase] : null;

    public static ITenantCommand Of(string service, string action, TenantSuspensionState tenant, uint suspension, uint attempt) => (service, action) switch
    {
        (CascadeService.Models, CascadeAction.Suspend) => new DisableTenantModels { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt, Reason = tenant.Reason },
        (CascadeService.Models, _) => new EnableTenantModels { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt },
        (CascadeService.Training, CascadeAction.Suspend) => new StopTenantTraining { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt, Reason = tenant.Reason, Policy = tenant.TrainingPolicy },
        (CascadeService.Training, _) => new AllowTenantTraining { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt, Policy = tenant.TrainingPolicy },
        (CascadeService.Inference, CascadeAction.Suspend) => new SwitchOffTenantInference { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt, Reason = tenant.Reason },
        (CascadeService.Inference, _) => new SwitchOnTenantInference { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt },
        (CascadeService.Agents, CascadeAction.Suspend) => new StopTenantAgents { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt, Reason = tenant.Reason },
        (CascadeService.Agents, _) => new RestartTenantAgents { TenantId = tenant.TenantId, Suspension = suspension, Attempt = attempt },
        _ => throw new ArgumentException($"'{service}' takes no part in a cascade.", nameof(service)),
    };
}
