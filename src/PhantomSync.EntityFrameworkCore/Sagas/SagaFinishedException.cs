namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>An event would start an instance that has finished already. It never leaves the repository.</summary>
internal sealed class SagaFinishedException : Exception;
