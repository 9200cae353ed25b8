using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Reading;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Tests.Audit;

/// <summary>What an audit trail promises on whatever database.</summary>
public abstract class AuditTrailContract : IAsyncLifetime
{
    protected AuditBed Bed { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The table names, with a schema where there is one.</summary>
    protected abstract string Logs { get; }

    protected abstract string Seals { get; }

    public async ValueTask InitializeAsync() => Bed = await CreateBedAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Bed.DisposeAsync();
    }

    [Fact]
    [Trait("row", "S15.16"), Trait("row", "S15.18"), Trait("row", "S15.29")]
    public async Task An_entry_is_kept_as_it_was_written()
    {
        var entries = await Bed.AppendAsync(3);
        await using var context = Bed.NewContext();
        var rows = await context.Logs.AsNoTracking().OrderBy(row => row.Position).ToListAsync(Cancel);
        rows.Select(row => row.ToEntry()).ShouldBe(entries);
        rows.Select(row => Convert.ToHexString(row.Salt!)).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    [Trait("row", "S15.19"), Trait("row", "S15.20")]
    public async Task A_redelivered_event_gives_no_second_entry()
    {
        var entries = await Bed.AppendAsync(5);
        await Bed.AppendAsync([.. entries, Bed.Entry()]);
        (await CountAsync()).ShouldBe(6);
        (await Bed.AppendAsync(1, "globex")).ShouldNotBeEmpty();
        await Bed.AppendAsync(entries[0] with { TenantId = "globex" });
        (await CountAsync()).ShouldBe(8);
    }

    [Fact]
    [Trait("row", "S15.20")]
    public async Task An_id_that_comes_back_with_other_content_is_refused()
    {
        var entry = (await Bed.AppendAsync(1))[0];
        await Should.ThrowAsync<AuditIdReusedException>(() => Bed.AppendAsync(entry with { Action = "DELETE_MODEL" }));
        await Should.ThrowAsync<AuditIdReusedException>(() => Bed.AppendAsync(entry with { Details = "{}" }));
    }

    [Fact]
    [Trait("row", "S15.30")]
    public async Task The_database_refuses_to_change_or_remove_what_was_written()
    {
        await Bed.AppendAsync(2);
        await Bed.SealAsync();
        string[] refused =
        [
            $"UPDATE {Logs} SET action = 'X'",
            $"UPDATE {Logs} SET details = '1'",
            $"UPDATE {Logs} SET details = NULL, salt = NULL, user_id = '(erased)', result = 'Failure'",
            $"UPDATE {Logs} SET details = NULL",
            $"UPDATE {Logs} SET details = NULL, salt = NULL, user_id = '(erased)', inbox_key = event_id",
            $"DELETE FROM {Logs}",
            $"UPDATE {Seals} SET sequence = sequence + 10",
            $"DELETE FROM {Seals}",
        ];
        foreach (var sql in refused)
            (await Should.ThrowAsync<DbException>(() => Bed.ExecuteAsync(sql))).Message.ShouldContain("append-only", customMessage: sql);
    }

    [Fact]
    public async Task A_trail_that_an_earlier_release_made_gets_the_column_that_it_lacks_and_still_verifies()
    {
        await Bed.AppendAsync(Bed.Entry() with { InboxKey = null });
        await Bed.SealAsync();
        await TamperAsync($"ALTER TABLE {Logs} DROP COLUMN inbox_key");
        await using (var context = Bed.NewContext())
            await context.EnsureTablesAsync(Cancel);

        var entry = Bed.Entry() with { InboxKey = Guid.CreateVersion7() };
        await Bed.AppendAsync(entry);
        await Bed.SealAsync();
        (await Bed.VerifyOneAsync()).ShouldSatisfyAllConditions(verdict => verdict.Sealed.ShouldBe(2), verdict => verdict.Fault.ShouldBeNull());
        await using var after = Bed.NewContext();
        (await after.Logs.AsNoTracking().SingleAsync(row => row.Id == entry.Id, Cancel)).InboxKey.ShouldBe(entry.InboxKey);
    }

    [Fact]
    [Trait("row", "S15.31")]
    public async Task Each_tenant_has_a_chain_without_gaps()
    {
        for (var i = 0; i < 7; i++)
            await Bed.AppendAsync([.. new[] { "acme", "globex", "initech" }.SelectMany(tenant => Enumerable.Range(0, 20).Select(_ => Bed.Entry(tenant)))]);
        await Bed.Sealer.SealAndSignAsync();

        var verdicts = await Bed.VerifyAsync();
        verdicts.Select(verdict => (verdict.TenantId, verdict.Sealed, verdict.Heads, verdict.Fault))
            .ShouldBe([("acme", 140, 1, null), ("globex", 140, 1, null), ("initech", 140, 1, null)]);
        (await Bed.LagAsync()).Entries.ShouldBe(0);
    }

    [Fact]
    public async Task Sealing_goes_on_where_it_ended()
    {
        for (var round = 1; round <= 3; round++)
        {
            await Bed.AppendAsync(10);
            (await Bed.LagAsync()).Entries.ShouldBe(10);
            await Bed.AnotherSealer().SealAndSignAsync();
            var verdict = await Bed.VerifyOneAsync();
            (verdict.Sealed, verdict.Heads, verdict.Fault).ShouldBe((10 * round, round, null));
        }
    }

    [Fact]
    [Trait("row", "S15.31")]
    public async Task Fifty_writers_and_two_sealers_make_one_chain_from_nothing()
    {
        using var done = new CancellationTokenSource();
        var sealing = Task.WhenAll(new[] { Bed.AnotherSealer(), Bed.AnotherSealer() }.Select(async sealer =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    await sealer.SealOnceAsync();
                }
                catch (DbException)
                {
                    // SQLite gives up on a busy file after a while, as the sealer's own loop expects.
                }

                await Task.Delay(5, Cancel);
            }
        }));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 4; i++)
                    await RetryBusyAsync(() => Bed.AppendAsync(Bed.Entry(), Bed.Entry()));
            },
            Cancel)));
        await done.CancelAsync();
        await sealing;
        await Bed.Sealer.SealAndSignAsync();

        var verdict = await Bed.VerifyOneAsync();
        (verdict.Sealed, verdict.Fault).ShouldBe((400, null));
    }

    [Fact]
    [Trait("row", "S15.32")]
    public async Task An_erased_payload_is_gone_and_the_chain_still_verifies()
    {
        var entries = await Bed.AppendAsync(3);
        await Bed.SealAsync();
        await using (var context = Bed.NewContext())
        {
            var log = new AuditLog(context, TimeProvider.System);
            (await log.EraseAsync("globex", entries[1].Id, new Operator("dpo", "request 7"), Cancel)).ShouldBeNull();
            (await log.EraseAsync("acme", entries[1].Id, new Operator("dpo", "request 7"), Cancel)).ShouldNotBeNull().Erased.ShouldBe(entries[1].WithoutPayload());
            (await log.EraseAsync("acme", entries[1].Id, new Operator("dpo", "again"), Cancel)).ShouldBe(new AuditErasure(entries[1].WithoutPayload(), null));
        }

        await Bed.Sealer.SealAndSignAsync();
        var verdict = await Bed.VerifyOneAsync();
        (verdict.Sealed, verdict.Erased, verdict.Fault).ShouldBe((4, 1, null));
        await using (var context = Bed.NewContext())
        {
            var rows = await context.Logs.AsNoTracking().OrderBy(row => row.Position).ToListAsync(Cancel);
            rows[1].ToEntry().ShouldBe(entries[1].WithoutPayload());
            (rows[3].Action, rows[3].UserId, rows[3].ResourceId).ShouldBe(("ERASE_AUDIT_PAYLOAD", "dpo", entries[1].Id.ToString()));
        }

        // The event may be delivered once more.
        await Bed.AppendAsync(entries);
        (await CountAsync()).ShouldBe(4);
    }

    public static TheoryData<string, int, string> Tampering { get; } = new()
    {
        { "UPDATE {logs} SET action = 'X' WHERE position = {5}", 5, "changed" },
        { "UPDATE {logs} SET user_id = 'mallory' WHERE position = {5}", 5, "another actor" },
        { "UPDATE {logs} SET details = '{}' WHERE position = {5}", 5, "other details" },
        { "UPDATE {logs} SET details = NULL, salt = NULL, user_id = 'mallory' WHERE position = {5}", 5, "another actor" },
        { "UPDATE {logs} SET timestamp = (SELECT recorded_at FROM {logs} WHERE position = {1}) WHERE position = {5}", 5, "changed" },
        { "UPDATE {logs} SET tenant_id = 'globex' WHERE position = {5}", 5, "another tenant" },
        { "UPDATE {logs} SET inbox_key = event_id WHERE position = {5}", 5, "changed" },
        { "UPDATE {logs} SET inbox_key = NULL WHERE position = {6}", 6, "changed" },
        { "DELETE FROM {logs} WHERE position = {5}", 5, "removed" },
        { "DELETE FROM {logs} WHERE position = {5}; DELETE FROM {seals} WHERE position = {5}", 5, "missing" },
        { "DELETE FROM {seals} WHERE sequence = 1", 1, "missing" },
        { "DELETE FROM {logs} WHERE position >= {10}; DELETE FROM {seals} WHERE sequence >= 10", 10, "tail was cut off" },
        { "DELETE FROM {logs}; DELETE FROM {seals}", 1, "tail was cut off" },
        { "UPDATE {seals} SET position = -1 WHERE sequence = 5; UPDATE {seals} SET position = {5} WHERE sequence = 6; UPDATE {seals} SET position = {6} WHERE sequence = 5", 5, "another's place" },
        { "UPDATE {seals} SET sequence = -1 WHERE sequence = 5; UPDATE {seals} SET sequence = 5 WHERE sequence = 6; UPDATE {seals} SET sequence = 6 WHERE sequence = -1", 5, "another's place" },
        { "UPDATE {seals} SET sequence = sequence + 1 WHERE sequence = 12", 12, "missing" },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    [Trait("row", "S15.30"), Trait("row", "S15.37")]
    public async Task Whatever_is_done_to_the_table_shows_and_the_first_bad_entry_is_named(string sql, int sequence, string what)
    {
        await Bed.AppendAsync(12);
        await Bed.AppendAsync(3, "globex");
        await Bed.Sealer.SealAndSignAsync();
        (await Bed.VerifyOneAsync()).Fault.ShouldBeNull();
        await using (var context = Bed.NewContext())
        {
            var positions = await context.Seals.Where(seal => seal.TenantId == "acme").OrderBy(seal => seal.Sequence).Select(seal => seal.Position).ToListAsync(Cancel);
            for (var i = 0; i < positions.Count; i++)
                sql = sql.Replace($"{{{i + 1}}}", $"{positions[i]}", StringComparison.Ordinal);
        }

        await TamperAsync(sql.Replace("{logs}", Logs, StringComparison.Ordinal).Replace("{seals}", Seals, StringComparison.Ordinal)
            .Replace("WHERE sequence", "WHERE tenant_id = 'acme' AND sequence", StringComparison.Ordinal));

        var fault = (await Bed.VerifyOneAsync()).Fault.ShouldNotBeNull();
        fault.What.ShouldContain(what);
        fault.Sequence.ShouldBe(sequence);
    }

    [Fact]
    public async Task An_entry_that_was_slipped_in_is_not_in_the_chain()
    {
        await Bed.AppendAsync(5);
        await Bed.SealAsync();
        await using (var context = Bed.NewContext())
        {
            // As if the sealer had seen it long ago.
            await Bed.AppendAsync(1);
            await context.Database.ExecuteSqlRawAsync(PassOver, Cancel);
        }

        await Bed.AppendAsync(1);
        await Bed.SealAsync();
        var fault = (await Bed.VerifyOneAsync()).Fault.ShouldNotBeNull();
        fault.What.ShouldContain("not in the chain");
        fault.EntryId.ShouldNotBeNull();
    }

    [Fact]
    [Trait("row", "S15.37")]
    public async Task A_chain_that_was_rewritten_from_end_to_end_does_not_lead_to_its_heads()
    {
        await Bed.AppendAsync(4);
        await Bed.Sealer.SealAndSignAsync();
        await Bed.AppendAsync(4);
        await Bed.Sealer.SealAndSignAsync();
        await TamperAsync($"UPDATE {Logs} SET result = 'Denied' WHERE position = (SELECT position FROM {Seals} WHERE sequence = 6); DELETE FROM {Seals}; {FromTheStart}");
        await Bed.AnotherSealer().SealAsync();

        var fault = (await Bed.VerifyOneAsync()).Fault.ShouldNotBeNull();
        fault.What.ShouldContain("rewritten");
        fault.Sequence.ShouldBe(5);
    }

    [Fact]
    public async Task A_forged_head_is_told_from_a_signed_one()
    {
        await Bed.AppendAsync(2);
        await Bed.Sealer.SealAndSignAsync();
        var line = (await File.ReadAllLinesAsync(Bed.HeadsFile, Cancel)).Single(text => text.Length > 0);
        await File.AppendAllTextAsync(Bed.HeadsFile, line.Replace("\"sequence\":2", "\"sequence\":1", StringComparison.Ordinal) + "\n{\"torn", Cancel);
        (await Bed.VerifyAsync()).Select(verdict => verdict.Fault?.What).OfType<string>().ShouldHaveSingleItem().ShouldContain("signature");
    }

    [Fact]
    [Trait("row", "S15.37")]
    public async Task Heads_go_to_their_topic_too()
    {
        await Bed.AppendAsync(2);
        await Bed.Sealer.SealAndSignAsync();
        await Bed.Sealer.SealAndSignAsync();
        await using var context = Bed.NewContext();
        var message = (await context.Set<PhantomSync.EntityFrameworkCore.Outbox.OutboxMessage>().AsNoTracking().ToListAsync(Cancel)).ShouldHaveSingleItem();
        (message.Topic, message.Key).ShouldBe(("phantom.audit-heads", "acme"));
        System.Text.Encoding.UTF8.GetString(message.Body).ShouldContain("\"sequence\":2");
    }

    [Fact]
    [Trait("row", "S15.38")]
    public async Task Each_read_is_recorded_once_with_who_and_what_for_and_never_with_what_was_found()
    {
        var entries = await Bed.AppendAsync(40);
        var found = new FixedSearch(new AuditPage(entries, "next"));
        await using (var context = Bed.NewContext())
        {
            var reader = Bed.Reader(context, found);
            (await reader.SearchAsync(new AuditQuery { TenantId = "acme", Text = "fraud model", UserId = "user-1", PageSize = 40 }, new Operator("nina"), Cancel)).Entries.Count.ShouldBe(40);
            (await reader.ShowAsync("acme", entries[3].Id, new Operator("nina", "case 7"), Cancel)).ShouldNotBeNull().Entry.ShouldBe(entries[3]);
            (await reader.ShowAsync("globex", entries[3].Id, new Operator("nina"), Cancel)).ShouldBeNull("another tenant's entry is not there");
            (await reader.VerifyAsync(null, new Operator("cron"), Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        }

        var records = await ReadsAsync();
        records.Select(record => (record.Action, record.TenantId, record.UserId, record.ResourceType, record.ResourceId)).ShouldBe(
        [
            ("READ_AUDIT_LOG", "acme", "nina", "AUDIT_LOG", "acme"),
            ("READ_AUDIT_LOG", "acme", "nina", "AUDIT_LOG", "acme"),
            ("READ_AUDIT_LOG", "globex", "nina", "AUDIT_LOG", "globex"),
            ("VERIFY_AUDIT_LOG", OperatorDeed.Platform, "cron", "AUDIT_LOG", "all"),
        ]);
        records.ConvertAll(record => string.Join(", ", record.Details!.Select(detail => $"{detail.Key}={detail.Value}"))).ShouldBe(
        [
            "text=fraud model, user_id=user-1, results=40",
            $"id={entries[3].Id}, results=1, reason=case 7",
            $"id={entries[3].Id}, results=0",
            "",
        ]);
    }

    [Fact]
    [Trait("row", "S15.38")]
    public async Task What_cannot_be_recorded_is_not_shown()
    {
        var entries = await Bed.AppendAsync(2);
        await using var context = await ReadOnlyAsync();
        (await context.Logs.CountAsync(Cancel)).ShouldBe(2, "it can be read");
        Func<Task>[] reads =
        [
            () => Bed.Reader(context, new FixedSearch(new AuditPage(entries, null))).SearchAsync(new AuditQuery { TenantId = "acme" }, new Operator("nina"), Cancel),
            () => Bed.Reader(context).ShowAsync("acme", entries[0].Id, new Operator("nina"), Cancel),
            () => Bed.Reader(context).VerifyAsync("acme", new Operator("nina"), Cancel).ToListAsync(Cancel).AsTask(),
        ];
        foreach (var read in reads)
        {
            context.ChangeTracker.Clear();
            (await Should.ThrowAsync<UnrecordedReadException>(read)).Message.ShouldContain("cannot be recorded");
        }

        (await ReadsAsync()).ShouldBeEmpty();
    }

    protected abstract Task<AuditBed> CreateBedAsync();

    /// <summary>The trail as somebody has it who may read and not write.</summary>
    protected abstract Task<AuditDbContext> ReadOnlyAsync();

    /// <summary>Moves the sealer's mark past everything.</summary>
    protected abstract string PassOver { get; }

    protected abstract string FromTheStart { get; }

    /// <summary>What somebody does who may do everything.</summary>
    protected abstract Task TamperAsync(string sql);

    private sealed class FixedSearch(AuditPage page) : IAuditSearch
    {
        public Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(page);
    }

    private static async Task RetryBusyAsync(Func<Task> work)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (DbException) when (attempt < 5)
            {
                // Fifty writers of one SQLite file at once.
            }
        }
    }

    private async Task<List<AuditLogCreated>> ReadsAsync()
    {
        await using var context = Bed.NewContext();
        var messages = await context.Set<PhantomSync.EntityFrameworkCore.Outbox.OutboxMessage>().AsNoTracking().OrderBy(message => message.Id).ToListAsync(Cancel);
        return messages.ConvertAll(message => (AuditLogCreated)EventCatalogue.Platform.Read(message.Body));
    }

    private async Task<int> CountAsync()
    {
        await using var context = Bed.NewContext();
        return await context.Logs.CountAsync(Cancel);
    }
}
