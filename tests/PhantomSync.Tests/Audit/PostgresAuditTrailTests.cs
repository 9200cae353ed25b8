using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.Audit;
using PhantomSync.Audit.Recording;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Audit;

public sealed class PostgresAuditTrailTests(PostgresServer server) : AuditTrailContract
{
    protected override string Logs => "audit.audit_logs";

    protected override string Seals => "audit.audit_seals";

    protected override string PassOver =>
        "UPDATE audit.audit_sealed_to SET (xid, position) = (SELECT xid::text::bigint, position FROM audit.audit_logs ORDER BY xid DESC, position DESC LIMIT 1)";

    protected override string FromTheStart => "UPDATE audit.audit_sealed_to SET xid = 0, position = 0";

    [Fact]
    [Trait("row", "S15.31")]
    public async Task An_entry_that_commits_late_is_sealed_late_and_not_passed_over()
    {
        await using var slow = Bed.NewContext();
        await using var transaction = await slow.Database.BeginTransactionAsync(Cancel);
        await new AuditLog(slow, TimeProvider.System).AppendAsync([Bed.Entry()], Cancel);

        // Written later, committed earlier: it must wait, or the slow one would come behind the mark.
        await Bed.AppendAsync(3);
        await Bed.Sealer.SealOnceAsync();
        (await Bed.LagAsync()).Entries.ShouldBe(3);
        await transaction.CommitAsync(Cancel);
        await Bed.SealAsync();

        var verdict = await Bed.VerifyOneAsync();
        (verdict.Sealed, verdict.Fault).ShouldBe((4, null));
        (await Bed.LagAsync()).Entries.ShouldBe(0);
    }

    [Fact]
    [Trait("row", "S15.30")]
    public async Task Neither_truncating_nor_calling_oneself_a_replica_helps()
    {
        await Bed.AppendAsync(1);
        foreach (var sql in new[] { "TRUNCATE audit.audit_logs", "TRUNCATE audit.audit_seals", "SET session_replication_role = replica; DELETE FROM audit.audit_logs" })
            (await Should.ThrowAsync<PostgresException>(() => Bed.ExecuteAsync(sql))).MessageText.ShouldContain("append-only");
    }

    [Fact]
    [Trait("row", "S15.38")]
    public async Task An_auditor_may_read_the_trail_and_nothing_else()
    {
        await Bed.AppendAsync(2);
        await Bed.SealAsync();
        await using var connection = new NpgsqlConnection(await AuditorAsync());
        await connection.OpenAsync(Cancel);
        (await CountAsync("audit.audit_logs"), await CountAsync("audit.audit_seals")).ShouldBe((2, 2));
        string[] refused =
        [
            "INSERT INTO audit.audit_logs SELECT * FROM audit.audit_logs", "UPDATE audit.audit_logs SET action = 'X'", "DELETE FROM audit.audit_logs", "TRUNCATE audit.audit_logs",
            "UPDATE audit.audit_logs SET details = NULL, salt = NULL, user_id = '(erased)'", "INSERT INTO audit.audit_seals SELECT * FROM audit.audit_seals", "DELETE FROM audit.audit_seals",
            "UPDATE audit.audit_sealed_to SET position = 0", "ALTER TABLE audit.audit_logs DISABLE TRIGGER ALL", "CREATE TABLE audit.mine (id int)",
            "SELECT * FROM audit.outbox_message", "SELECT * FROM audit.dead_letter", "SET log_statement = 'none'",
        ];
        foreach (var sql in refused)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancel))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, customMessage: sql);
        }

        async Task<long> CountAsync(string table)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
            return (long)(await command.ExecuteScalarAsync(Cancel))!;
        }
    }

    protected override async Task<AuditDbContext> ReadOnlyAsync() =>
        new(new DbContextOptionsBuilder<AuditDbContext>().UseNpgsql(await AuditorAsync()).Options);

    /// <summary>As docs/operations.md says.</summary>
    private async Task<string> AuditorAsync([CallerFilePath] string here = "")
    {
        await Bed.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "infra", "postgres", "auditor.sql"), Cancel));
        var name = $"auditor_{Guid.NewGuid():n}";
        await Bed.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD 'secret' IN ROLE phantomsync_auditor; ALTER ROLE {name} SET log_statement = 'all'");
        return new NpgsqlConnectionStringBuilder(Bed.ConnectionString) { Username = name, Password = "secret" }.ConnectionString;
    }

    protected override Task<AuditBed> CreateBedAsync() => AuditBed.PostgresAsync(server);

    protected override Task TamperAsync(string sql) =>
        Bed.ExecuteAsync($"ALTER TABLE audit.audit_logs DISABLE TRIGGER USER; ALTER TABLE audit.audit_seals DISABLE TRIGGER USER; {sql}");
}
