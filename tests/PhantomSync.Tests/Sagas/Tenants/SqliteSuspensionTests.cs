namespace PhantomSync.Tests.Sagas.Tenants;

public sealed class SqliteSuspensionTests : SuspensionContract
{
    private protected override Task<PlatformStore> OpenAsync() => Task.FromResult(PlatformStore.Sqlite());
}
