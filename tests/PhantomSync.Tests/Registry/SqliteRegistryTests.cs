namespace PhantomSync.Tests.Registry;

public sealed class SqliteRegistryTests : RegistryContract
{
    protected override Task<RegistryBed> CreateBedAsync() => RegistryBed.SqliteAsync();
}
