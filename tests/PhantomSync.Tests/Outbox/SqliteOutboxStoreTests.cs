namespace PhantomSync.Tests.Outbox;

public sealed class SqliteOutboxStoreTests : OutboxStoreContract
{
    protected override Task<OutboxBed> CreateBedAsync() => OutboxBed.SqliteAsync();

    [Fact]
    public async Task One_session_at_a_time_relays_for_a_file()
    {
        var one = await OpenAsync();
        await using var two = await Bed.Store.OpenAsync(Cancel);
        (await two.EnsureLanesAsync(Cancel)).Held.ShouldBe(0);
        await one.DisposeAsync();
        (await two.EnsureLanesAsync(Cancel)).Held.ShouldBe(64);
    }
}
