namespace PhantomSync.Sagas.Queries;

/// <summary>A saga's instance as a list shows it.</summary>
/// <param name="Saga">The saga's name, as in <see cref="SagaQueries.Names"/>.</param>
/// <param name="Id">The instance.</param>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Subject">What it is about: the job, or the tenant.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">When it last changed, as far as is known.</param>
/// <param name="Note">The most important of the rest, in words; empty where there is nothing to say.</param>
public sealed record SagaSummary(string Saga, Guid Id, string TenantId, string Subject, string State, DateTimeOffset? Since, string Note);
