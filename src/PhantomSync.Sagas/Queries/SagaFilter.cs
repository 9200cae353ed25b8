namespace PhantomSync.Sagas.Queries;

/// <summary>Which instances a list shows; null does not restrict it.</summary>
/// <param name="Saga">One of <see cref="SagaQueries.Names"/>.</param>
/// <param name="State">A state's name; upper and lower case are the same.</param>
/// <param name="TenantId">Whose.</param>
/// <param name="Limit">How many at most.</param>
public sealed record SagaFilter(string? Saga = null, string? State = null, string? TenantId = null, int Limit = 1000);
