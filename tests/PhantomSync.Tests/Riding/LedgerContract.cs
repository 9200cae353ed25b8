namespace PhantomSync.Tests.Riding;

/// <summary>Tests of what holds on every store: a store and hosts per test.</summary>
public abstract class LedgerContract : IAsyncLifetime
{
    private readonly List<RiderBed> _beds = [];

    protected LedgerStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await CreateStoreAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var bed in Enumerable.Reverse(_beds))
            await bed.DisposeAsync();
        Store?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<LedgerStore> CreateStoreAsync();

    /// <summary>A host that ends with the test.</summary>
    private protected async Task<RiderBed> StartAsync(Plan? plan = null, Action<Script>? script = null)
    {
        var bed = await RiderBed.StartAsync(Store, plan, script);
        _beds.Add(bed);
        return bed;
    }
}
