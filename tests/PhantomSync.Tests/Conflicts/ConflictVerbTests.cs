using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Tests.EndToEnd;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Registry;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What somebody sees who decides conflicts from the command line.</summary>
[Trait("row", "S16.15")]
public sealed class ConflictVerbTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-conflicts-");

    private string[] _place = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Conflicts_are_listed_shown_claimed_and_resolved_while_a_host_runs()
    {
        _place = ["--data", Path.Combine(_folder.FullName, "data")];
        await using var run = HostProcess.Start(["run", .. _place, "--urls", "http://127.0.0.1:0"]);
        await PhantomSync.Tests.Wait.ForAsync(() => run.Output.Length > 0, "the host runs", 60);
        (await RunAsync(0, "list")).ShouldBe("0 conflicts");
        run.Terminate();
        await run.ExitsAsync(60);
        await PublishAsync();

        var line = JsonDocument.Parse(await RunAsync(0, "list", "--json")).RootElement.EnumerateArray().ShouldHaveSingleItem();
        (line.GetProperty("status").GetString(), line.GetProperty("resource_id").GetString(), line.GetProperty("changes").GetArrayLength()).ShouldBe(("ManualResolutionRequired", "churn", 2));
        var id = line.GetProperty("id").GetString()!;
        var end = id[^6..];
        (await RunAsync(0, "list", "--tenant", "other")).ShouldBe("0 conflicts");
        var shown = await RunAsync(0, "show", end);
        shown.ShouldContain("* name");
        shown.ShouldContain("\"Second\"");
        shown.ShouldContain("\"Third\"");

        await using var again = HostProcess.Start(["run", .. _place, "--urls", "http://127.0.0.1:0"]);
        await PhantomSync.Tests.Wait.ForAsync(() => again.Output.Length > 0, "the host runs", 60);
        (await RunAsync(0, "claim", end, "--by", "alice")).ShouldContain("is claimed by alice until");
        await RefusedAsync(1, "is claimed by alice until", "claim", end, "--by", "bob");
        await RefusedAsync(1, "is claimed by alice until", "resolve", end, "--value", "\"x\"", "--by", "bob", "--reason", "r");
        await RefusedAsync(2, "expected is a string", "resolve", end, "--value", "7", "--by", "alice", "--reason", "r");
        await RefusedAsync(2, "There is no conflict 'nonsense'", "show", "nonsense");
        (await RunAsync(0, "resolve", end, "--value", "{\"name\":\"Fourth\"}", "--by", "alice", "--reason", "agreed")).ShouldContain("is resolved: {\"name\":\"Fourth\"}");
        await RefusedAsync(1, "was resolved by alice", "resolve", end, "--value", "\"x\"", "--by", "bob", "--reason", "r");
        (await RunAsync(0, "list")).ShouldBe("0 conflicts");
        (await RunAsync(0, "list", "--all")).ShouldContain($"{id}  Resolved  acme  ML_MODEL/churn  name");

        // The host that runs has told the audit trail.
        await PhantomSync.Tests.Wait.ForAsync(async () => (await AuditAsync()).Contains("RESOLVE_CONFLICT", StringComparison.Ordinal), seconds: 60);
        var audited = await AuditAsync();
        audited.ShouldContain("DETECT_CONFLICT");
        audited.ShouldContain("by alice");
        again.Terminate();
        await again.ExitsAsync(60);
    }

    [Fact]
    public async Task They_are_on_PostgreSQL_too()
    {
        _place = ["--postgres", await server.CreateDatabaseAsync()];
        (await RunAsync(0, "list")).ShouldBe("0 conflicts");
        await PublishAsync();
        var id = JsonDocument.Parse(await RunAsync(0, "list", "--json")).RootElement[0].GetProperty("id").GetString()!;
        var change = JsonDocument.Parse(await RunAsync(0, "show", id, "--json")).RootElement.GetProperty("changes")[1].GetProperty("change_id").GetString()!;
        var resolved = JsonDocument.Parse(await RunAsync(0, "resolve", id, "--merge", $"name={change}", "--by", "alice", "--reason", "agreed", "--json")).RootElement;
        (resolved.GetProperty("status").GetString(), resolved.GetProperty("resolution").GetProperty("name").GetString()).ShouldBe(("Resolved", "Third"));
    }

    [Theory]
    [InlineData("ML_MODEL", "expected is a kind of resource")]
    [InlineData("ML_MODEL=Latest", "'Latest' is no strategy")]
    [InlineData("ML_MODEL@=LastWriteWins", "expected is a kind of resource")]
    [InlineData("ML_MODEL=BusinessRule:Mine", "there is no rule 'Mine' in this host")]
    public async Task A_strategy_that_is_none_is_refused(string strategy, string message)
    {
        _place = ["--data", _folder.FullName];
        await RefusedAsync(2, message, "list", "--conflict-strategy", strategy);
    }

    private async Task PublishAsync()
    {
        var file = Path.Combine(_folder.FullName, "records.ndjson");
        await File.WriteAllLinesAsync(
            file,
            ((ISyncEvent[])[Say.Created("acme", "churn"), Say.Updated("acme", "churn", "1", "2", ("name", "Second")), Say.Updated("acme", "churn", "1", "3", ("name", "Third"))])
                .Select(e => Encoding.UTF8.GetString(EventCatalogue.Platform.Write(e))),
            TestContext.Current.CancellationToken);
        await using var publish = HostProcess.Start(["publish", file, .. _place, "--conflict-strategy", "ML_MODEL@acme=ManualResolution"]);
        (await publish.ExitsAsync(90)).ShouldBe(0, publish.Story);
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var host = HostProcess.Start(["conflicts", .. arguments, .. _place]);
        (await host.ExitsAsync(90)).ShouldBe(expected, host.Story);
        return host.Output;
    }

    private async Task RefusedAsync(int expected, string message, params string[] arguments)
    {
        await using var host = HostProcess.Start(["conflicts", .. arguments, .. _place]);
        (await host.ExitsAsync(90)).ShouldBe(expected, host.Story);
        host.Errors.ShouldContain(message);
        host.Errors.ShouldNotContain("Unhandled");
    }

    private async Task<string> AuditAsync()
    {
        await using var host = HostProcess.Start(["audit", "search", "--tenant", "acme", "--by", "auditor", .. _place]);
        await host.ExitsAsync(90);
        return host.Output;
    }
}
