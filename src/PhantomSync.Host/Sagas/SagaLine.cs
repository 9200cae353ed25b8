using PhantomSync.Sagas.Queries;

namespace PhantomSync.Host.Sagas;

/// <summary>An instance in the list's JSON.</summary>
internal sealed record SagaLine(string Saga, Guid Id, string TenantId, string Subject, string State, DateTimeOffset? Since, string Note)
{
    public static SagaLine Of(SagaSummary saga) => new(saga.Saga, saga.Id, saga.TenantId, saga.Subject, saga.State, saga.Since, saga.Note);
}
