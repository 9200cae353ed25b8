namespace PhantomSync.Tests.EndToEnd;

public sealed class SqliteUnderFire : ProofUnderFire
{
    internal override Task<DemoBed> CreateBedAsync() => Task.FromResult(new DemoBed());
}
