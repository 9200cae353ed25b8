using Microsoft.EntityFrameworkCore;
using Npgsql;
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

    protected override Task<AuditBed> CreateBedAsync() => AuditBed.PostgresAsync(server);

    protected override Task TamperAsync(string sql) =>
        Bed.ExecuteAsync($"ALTER TABLE audit.audit_logs DISABLE TRIGGER USER; ALTER TABLE audit.audit_seals DISABLE TRIGGER USER; {sql}");
}
