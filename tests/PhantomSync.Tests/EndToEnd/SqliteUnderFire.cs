namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(Fire))]
public sealed class SqliteUnderFire : ProofUnderFire
{
    internal override Task<DemoBed> CreateBedAsync() => Task.FromResult(new DemoBed());
}
