namespace PhantomSync.Tests.Conflicts;

public sealed class SqliteConflictTests : ConflictContract
{
    protected override Task<OrderBed> CreateBedAsync() => OrderBed.SqliteAsync();
}
