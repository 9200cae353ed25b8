using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Upgrading;

public sealed class SqliteUpgradeTests : UpgradeContract
{
    [Fact]
    public async Task A_check_that_is_missing_is_refused()
    {
        await ExecuteAsync(string.Join('\n', Registry.RegistryReleases.Latest(postgres: false).Split('\n').Where(line => !line.Contains("conflicts_know_their", StringComparison.Ordinal)))
            .Replace("\"revision\" INTEGER NOT NULL,\n)", "\"revision\" INTEGER NOT NULL\n)", StringComparison.Ordinal));
        (await Should.ThrowAsync<SchemaMismatchException>(UpgradeAsync)).Message.ShouldContain(
            "Constraint conflicts_know_their_resource of conflicts is missing, and SQLite cannot add a constraint to a table that is there.");
    }

    [Fact]
    public async Task Upper_and_lower_case_are_the_same()
    {
        await ExecuteAsync(Registry.RegistryReleases.Latest(postgres: false).Replace("latest_version", "Latest_Version", StringComparison.Ordinal).Replace("\"models\"", "MODELS", StringComparison.Ordinal)
            .Replace("job_id", "JOB_ID", StringComparison.Ordinal));
        await WithoutChangesAsync(UpgradeAsync);
    }

    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());

    protected override async Task WithoutChangesAsync(Func<Task> act)
    {
        var before = await ScalarAsync("PRAGMA schema_version");
        await act();
        (await ScalarAsync("PRAGMA schema_version")).ShouldBe(before);
    }
}
