using System.Text.Json;

namespace PhantomSync.Sagas.Tenants;

/// <summary>What a service answered to the cascade's last command.</summary>
/// <param name="Outcome">One of <see cref="PhantomSync.Contracts.CascadeOutcome"/>.</param>
/// <param name="Affected">How many models, jobs, switches or agents.</param>
/// <param name="Details">What was done, as the service tells it.</param>
public sealed record ServiceAnswer(string Outcome, ulong Affected, JsonElement Details);
