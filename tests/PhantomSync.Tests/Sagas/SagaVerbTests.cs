using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Tests.EndToEnd;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Sagas.Training;

namespace PhantomSync.Tests.Sagas;

/// <summary>The verbs as a user runs them.</summary>
[Trait("row", "S19.15")]
public sealed class SagaVerbTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-saga-verb-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact, Trait("row", "S8.13")]
    public async Task What_was_published_is_listed_and_shown_and_a_suspended_tenants_work_is_refused_line_by_line()
    {
        await PublishAsync(0, Say.Created("acme", "churn"), Job.Started(0), Job.Completed(5), Job.Started(0, job: "j2"), Job.Started(0, tenant: "globex"));
        await PublishAsync(0, Say.Suspended("acme"));
        var listed = JsonDocument.Parse(await RunAsync(0, "list", "--json", "--tenant", "acme")).RootElement.EnumerateArray()
            .Select(saga => (saga.GetProperty("subject").GetString(), saga.GetProperty("state").GetString())).ToList();
        listed.ShouldBe([("j1", "VersionRegistered"), ("j2", "Cancelled"), ("acme", "Suspended")]);
        (await RunAsync(0, "list", "--saga", "training-lifecycle", "--state", "started")).ShouldContain("globex  j1  Started");

        var job = await RunAsync(0, "show", "j2");
        job.ShouldContain("cancellation reason    tenant suspended: unpaid");
        job.ShouldContain("Started -> Cancelled");
        (await RunAsync(2, "show", "j1")).ShouldBeEmpty();
        var shown = JsonDocument.Parse(await RunAsync(0, "show", "j1", "--tenant", "acme", "--json")).RootElement;
        shown.GetProperty("facts").GetProperty("version").GetString().ShouldBe("v1");
        shown.GetProperty("history").GetArrayLength().ShouldBe(3);
        var id = shown.GetProperty("saga").GetProperty("id").GetString()!;
        (await RunAsync(0, "show", id[^12..])).ShouldContain($"id                     {id}");
        (await RunAsync(0, "show", "acme")).ShouldContain("answer of training     done, 1 affected");
        (await RunAsync(0, "show", "j1", "--tenant", "globex")).ShouldContain(nameof(TrainingNewsOverdue));

        (await PublishAsync(1, Job.Started(60, job: "j3"), Job.Failed(60, job: "j9"))).ShouldContain("line 1: TrainingJobStarted is refused: tenant 'acme' is suspended.");
        await PublishAsync(0, Say.Resumed("acme"));
        await PublishAsync(0, Job.Started(70, job: "j2"));
        (await RunAsync(0, "list", "--tenant", "acme", "--state", "Active")).ShouldContain("1 saga");
        (await RunAsync(0, "show", "j2")).ShouldContain("attempts               2");
    }

    [Fact]
    public async Task Wrong_words_are_mistakes_of_usage()
    {
        (await FailAsync("list", "--data", Path.Combine(_folder.FullName, "nowhere"))).ShouldContain("no sagas ran here");
        (await FailAsync("list", "--saga", "nonsense")).ShouldContain("nonsense");
        (await FailAsync("list", "--state", "nonsense")).ShouldContain("there is no state 'nonsense'. Give one of Started");
        (await FailAsync("list", "--limit", "0")).ShouldContain("it must be at least 1");
        (await FailAsync("diagrams", Path.Combine(_folder.FullName, "nowhere"))).ShouldContain("there is no such folder");
        (await FailAsync("list", "--postgres", await server.CreateDatabaseAsync())).ShouldContain("no sagas ran on this database");
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        await using var host = HostProcess.Start(["saga", .. arguments]);
        (await host.ExitsAsync(90)).ShouldBe(2, host.Story);
        return host.Errors;
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var host = HostProcess.Start(["saga", .. arguments, "--data", Data]);
        (await host.ExitsAsync(90)).ShouldBe(expected, host.Story);
        return host.Output;
    }

    /// <returns>What was said of bad lines.</returns>
    private async Task<string> PublishAsync(int expected, params ISyncEvent[] events)
    {
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.ndjson");
        await File.WriteAllLinesAsync(file, events.Select(e => Encoding.UTF8.GetString(EventCatalogue.Platform.Write(e))));
        await using var host = HostProcess.Start(["publish", file, "--data", Data]);
        (await host.ExitsAsync(180)).ShouldBe(expected, host.Story);
        return host.Errors;
    }
}
