using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit;

namespace PhantomSync.Tests.Audit;

public sealed class SqliteAuditTrailTests : AuditTrailContract
{
    protected override string Logs => "audit_logs";

    protected override string Seals => "audit_seals";

    protected override string PassOver => "UPDATE audit_sealed_to SET position = (SELECT max(position) FROM audit_logs)";

    protected override string FromTheStart => "UPDATE audit_sealed_to SET position = 0";

    protected override Task<AuditBed> CreateBedAsync() => AuditBed.SqliteAsync();

    protected override Task<AuditDbContext> ReadOnlyAsync() =>
        Task.FromResult(new AuditDbContext(new DbContextOptionsBuilder<AuditDbContext>().UseSqlite($"{Bed.ConnectionString};Mode=ReadOnly").Options));

    protected override Task TamperAsync(string sql) => Bed.ExecuteAsync(
        $"""
        DROP TRIGGER audit_logs_refuse_delete; DROP TRIGGER audit_logs_refuse_update;
        DROP TRIGGER audit_seals_refuse_delete; DROP TRIGGER audit_seals_refuse_update; {sql}
        """);
}
