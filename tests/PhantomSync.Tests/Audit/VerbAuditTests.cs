using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host;
using PhantomSync.Host.Verbs;
using PhantomSync.Tests.EndToEnd;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Registry;

namespace PhantomSync.Tests.Audit;

/// <summary>What the verbs of the command line leave in the audit trail, and what <c>audit show</c> tells from it.</summary>
public sealed class VerbAuditTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-verbs-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact, Trait("row", "S15.34")]
    public void Every_verb_says_whether_it_reads_or_changes()
    {
        var verbs = Leaves(CommandLine.Create(), "").ToArray();
        verbs.Where(verb => verb.Command is not Verb).Select(verb => verb.Name).ShouldBeEmpty("make it a Verb");
        verbs.Length.ShouldBeGreaterThan(15);
    }

    [Fact, Trait("row", "S15.34"), Trait("row", "S15.38"), Trait("row", "S15.35"), Trait("row", "S15.28")]
    public async Task Every_verb_that_changes_something_or_shows_the_trail_is_an_entry_with_who_why_and_whose()
    {
        var created = Say.Created("acme", "churn");
        var job = Say.Trained("acme", "other", "job-1") with { SyncMetadata = RegistryBed.From(Say.Trained("acme", "other", "job-1")).SyncMetadata with { IdempotencyKey = "job 1" } };
        var file = Write(
            created,
            Say.Updated("acme", "churn", "1", "2", ("name", "Second")),
            Say.Updated("acme", "churn", "1", "3", ("name", "Third")),
            Say.Created("globex", "churn"),
            job,
            job with { TrainingDurationMs = 6 });
        var done = new Dictionary<string, Done>(StringComparer.Ordinal);
        await RunAsync(0, "publish", file, "--by", "paula", "--reason", "import", "--data", Data, "--conflict-strategy", "ML_MODEL@acme=ManualResolution");
        done["publish"] = new("paula", "PUBLISH_RECORDS", "acme", "import");
        await using var run = HostProcess.Start(["run", "--data", Data, "--urls", "http://127.0.0.1:0"]);
        await run.SaysAsync("PhantomSync runs on", 180);

        var letters = (await JsonAsync("dead-letters", "list", "--data", Data)).EnumerateArray().ToDictionary(letter => letter.GetProperty("service").GetString()!, letter => letter.GetProperty("id").GetString()!);
        await ActAsync("dead-letters discard", 0, new("dora", "DISCARD_DEAD_LETTER", "acme", "sent twice", letters["audit-store"]), letters["audit-store"]);
        await ActAsync("dead-letters replay", 0, new("rita", "REPLAY_DEAD_LETTER", "acme", "mended", letters["workloads"]), letters["workloads"]);
        var conflict = (await JsonAsync("conflicts", "list", "--data", Data))[0].GetProperty("id").GetString()!;
        await ActAsync("conflicts claim", 0, new("clara", "CLAIM_CONFLICT", "acme", null, "churn"), conflict);
        await ActAsync("conflicts resolve", 0, new("clara", "RESOLVE_CONFLICT", "acme", "agreed", "churn"), conflict, "--value", "{\"name\":\"Fourth\"}");
        await ActAsync("audit erase", 0, new("emil", "ERASE_AUDIT_PAYLOAD", "acme", "request 7", $"{created.SyncMetadata.EventId}"), "--tenant", "acme", "--entry", $"{created.SyncMetadata.EventId}");
        await ActAsync("audit rebuild-index", 0, new("rolf", "REBUILD_AUDIT_INDEX", OperatorDeed.Platform, "it was wrong", "all"));
        await ActAsync("audit verify", 0, new("vera", "VERIFY_AUDIT_LOG", "acme", null, "acme"), "--tenant", "acme");
        (await ActAsync("audit search", 0, new("nina", "READ_AUDIT_LOG", "globex", null, "globex"), "--tenant", "globex", "--action", "CREATE_MODEL")).ShouldNotContain("acme");

        // Each service has its own word: the second of two under a key is a dead letter, except where it was replayed.
        var shown = JsonElement.Parse(await ActAsync(
            "audit show", 0, new("sara", "READ_AUDIT_LOG", "acme", null, "acme"), $"{job.SyncMetadata.EventId}", "--tenant", "acme", "--json"));
        shown.GetProperty("outcomes").EnumerateArray().ToDictionary(outcome => outcome.GetProperty("service").GetString()!, outcome => outcome.GetProperty("stage").GetString()).ShouldBe(
            new Dictionary<string, string?>
            {
                ["analytics"] = "NotKept",
                ["agent-workloads"] = "NotTaken",
                ["audit-index"] = "Handled",
                ["audit-store"] = "Handled",
                ["inference-workloads"] = "NotTaken",
                ["ingress"] = "NotTaken",
                ["model-registry"] = "Handled",
                ["tenant-suspension"] = "NotTaken",
                ["training-lifecycle"] = "Handled",
                ["training-workloads"] = "Handled",
            },
            ignoreOrder: true);
        await using (var other = HostProcess.Start(["audit", "show", $"{job.SyncMetadata.EventId}", "--tenant", "globex", "--by", "sara", "--data", Data]))
        {
            (await other.ExitsAsync(180)).ShouldBe(2, other.Story);
            (other.Output, other.Errors).ShouldBe(("", $"Tenant 'globex' has no audit entry {job.SyncMetadata.EventId}. Find its id with 'audit search'."));
        }

        // Those over metrics want brokers that keep their log: AnalyticsVerbContract looks for their entries.
        var audited = Leaves(CommandLine.Create(), "")
            .Where(verb => verb.Command is Verb { Effect: VerbEffect.Changes or VerbEffect.ReadsAudit } && !verb.Name.StartsWith("analytics ", StringComparison.Ordinal))
            .Select(verb => verb.Name);
        done.Keys.ShouldBe(audited, ignoreOrder: true, "a verb that changes something, or shows the trail, has its line in this test");
        foreach (var (verb, deed) in done)
            await Wait.ForAsync(() => Entries().Any(deed.Is), $"'{verb}' has left {deed}: {string.Join("\n", Entries())}", 180);

        // The tenant is that of the message, whoever else is served by this process.
        Entries().Where(entry => entry.Action == "PUBLISH_RECORDS").Select(entry => (entry.Tenant, entry.User)).ShouldBe([("acme", "paula"), ("globex", "paula")], ignoreOrder: true);
        Entries().Where(entry => entry is { Tenant: "globex", Action: not "READ_AUDIT_LOG" }).Select(entry => entry.Action).ShouldBe(["CREATE_MODEL", "PUBLISH_RECORDS"], ignoreOrder: true);
        run.Terminate();
        (await run.ExitsAsync(60)).ShouldBe(0, run.Story);

        async Task<string> ActAsync(string verb, int expected, Done deed, params string[] arguments)
        {
            done[verb] = deed;
            string[] why = deed.Reason is null ? [] : ["--reason", deed.Reason];
            return await RunAsync(expected, [.. verb.Split(' '), .. arguments, "--by", deed.By, .. why, "--data", Data]);
        }
    }

    [Fact, Trait("row", "S15.35")]
    public async Task An_events_fate_is_shown_on_PostgreSQL_too()
    {
        string[] place = ["--postgres", await server.CreateDatabaseAsync()];
        var created = Say.Created("acme", "churn");
        await RunAsync(0, ["publish", Write(created), .. place]);
        var shown = await RunAsync(0, ["audit", "show", $"{created.SyncMetadata.EventId}", "--tenant", "acme", "--by", "sara", .. place]);
        shown.ShouldMatch("action +CREATE_MODEL ML_MODEL/churn: Success");
        shown.ShouldMatch("audit-store +handled");
        shown.ShouldMatch("model-registry +handled");
        shown.ShouldNotContain("audit-index");
    }

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name) => command.Subcommands.Count == 0
        ? [(name, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{name} {child.Name}".Trim()));

    private static async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var host = HostProcess.Start(arguments);
        (await host.ExitsAsync(180)).ShouldBe(expected, host.Story);
        return host.Output;
    }

    private static async Task<JsonElement> JsonAsync(params string[] arguments) => JsonElement.Parse(await RunAsync(0, [.. arguments, "--json"]));

    private List<Entry> Entries()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "audit.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tenant_id, user_id, action, resource_id, details FROM audit_logs ORDER BY position";
        using var reader = command.ExecuteReader();
        var entries = new List<Entry>();
        while (reader.Read())
            entries.Add(new Entry(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? "" : reader.GetString(4)));
        return entries;
    }

    private string Write(params ISyncEvent[] events)
    {
        var file = Path.Combine(_folder.FullName, "records.ndjson");
        File.WriteAllLines(file, events.Select(e => Encoding.UTF8.GetString(EventCatalogue.Platform.Write(e))));
        return file;
    }

    private sealed record Entry(string Tenant, string User, string Action, string Resource, string Details);

    /// <summary>The entry that a verb has to leave.</summary>
    private sealed record Done(string By, string Action, string Tenant, string? Reason, string? Resource = null)
    {
        public bool Is(Entry entry) =>
            (entry.User, entry.Action, entry.Tenant) == (By, Action, Tenant)
            && (Resource is null || entry.Resource == Resource)
            && (Reason is null || entry.Details.Contains($"\"reason\":\"{Reason}\"", StringComparison.Ordinal));
    }
}
