namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>A repository that can be told beforehand which instances a micro-batch needs.</summary>
internal interface ISagaPreloading
{
    Task PreloadAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken);
}
