using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.EntityFrameworkCore.Upgrading;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Upgrading;

public sealed class PostgresUpgradeTests(PostgresServer server) : UpgradeContract
{
    [Fact]
    public async Task A_check_that_is_missing_is_added()
    {
        await ReleaseAsync();
        await ExecuteAsync("ALTER TABLE registry.conflicts DROP CONSTRAINT conflicts_know_their_resource");
        await UpgradeAsync();
        (await ScalarAsync("SELECT count(*) FROM pg_constraint WHERE conname = 'conflicts_know_their_resource'")).ShouldBe(1);
    }

    [Fact]
    public async Task An_index_that_somebody_builds_is_waited_for()
    {
        await ReleaseAsync();
        await ExecuteAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'registry.one_in_production'::regclass");
        var waiting = await Should.ThrowAsync<TransientFailureException>(UpgradeAsync);
        waiting.Message.ShouldContain("DROP INDEX one_in_production");
        await ExecuteAsync("DROP INDEX registry.one_in_production");
        await UpgradeAsync();
        (await ScalarAsync("SELECT count(*) FROM pg_indexes WHERE indexname = 'one_in_production'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_table_in_somebody_elses_hands_is_not_waited_for_in_everybodys_way()
    {
        await ReleaseAsync();
        await ExecuteAsync("ALTER TABLE registry.models DROP COLUMN latest_version");
        await using var backup = Open();
        await using var transaction = await backup.Database.BeginTransactionAsync(Cancel);
        await backup.Database.ExecuteSqlRawAsync("LOCK TABLE registry.models IN ACCESS SHARE MODE", Cancel);
        (await Should.ThrowAsync<PostgresException>(UpgradeAsync)).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        await transaction.RollbackAsync(Cancel);
        await UpgradeAsync();
    }

    [Theory]
    [InlineData("varchar(20)", "character varying(20)", true)]
    [InlineData("varchar(20)", "character varying(30)", false)]
    [InlineData("decimal(20)", "numeric(20,0)", true)]
    [InlineData("timestamptz", "timestamp with time zone", true)]
    [InlineData("timestamptz", "timestamp without time zone", false)]
    [InlineData("int[]", "integer[]", true)]
    [InlineData("int", "bigint", false)]
    public async Task Types_are_the_server_s_however_they_are_spelt(string one, string other, bool same)
    {
        await using var registry = Open();
        await registry.Database.OpenConnectionAsync(Cancel);
        (await new PostgresCatalogue().IsSameTypeAsync(registry, one, other, Cancel)).ShouldBe(same);
    }

    protected override async Task<LedgerStore> CreateStoreAsync() => await LedgerStore.PostgresAsync(server);

    protected override async Task WithoutChangesAsync(Func<Task> act)
    {
        await ExecuteAsync(
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'changed: %', tg_tag; END $$",
            "CREATE EVENT TRIGGER refuse ON ddl_command_end EXECUTE FUNCTION refuse()");
        await act();
        await ExecuteAsync("DROP EVENT TRIGGER refuse");
    }
}
