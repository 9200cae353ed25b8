using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Tests.Contracts;
using PhantomSync.Tests.EndToEnd;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Publishing;

/// <summary>The verbs as a user runs them.</summary>
public sealed class PublishVerbTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-publish-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Good_lines_go_through_and_each_bad_one_is_reported_with_its_number_and_field()
    {
        var file = Write(
            Job("1"),
            "",
            Job("2").Replace("\"training_duration_ms\":5", "\"training_duration_ms\":\"abc\"", StringComparison.Ordinal),
            "{\"event_type\":\"Nope\",\"data\":{}}",
            new string('x', 300_000),
            "{\"event_type\":",
            Job("3"));
        await using var host = HostProcess.Start(["publish", file, "--data", Data]);
        (await host.ExitsAsync(180)).ShouldBe(1, host.Story);
        // What the registry announces in turn it handles, too, sooner or later.
        host.Output.ShouldMatch("^published 2, bad 4, .*handled by model-registry [234](,|$)");
        var errors = host.Errors.Split('\n');
        errors[0].ShouldBe("line 3: data.training_duration_ms: expected an unsigned 64-bit integer, found the string \"abc\"");
        errors[1].ShouldStartWith("line 4: event_type: expected ");
        errors[2].ShouldBe("line 5: record: expected at most 258,048 bytes, found 300,000");
        errors[3].ShouldStartWith("line 6: ");
    }

    [Fact]
    public async Task What_is_published_again_is_dropped_as_a_duplicate_and_the_result_is_one_json_object()
    {
        var file = Write(Job("1"), Job("2"));
        await using var first = HostProcess.Start(["publish", file, "--data", Data, "--json"]);
        (await first.ExitsAsync(180)).ShouldBe(0, first.Story);
        Result(first).ShouldBe((2, 0, 0));
        await using var again = HostProcess.Start(["publish", "-", "--data", Data, "--json"]);
        await again.SayAsync(Job("1"));
        await again.SayAsync(Job("2"));
        await again.SayAsync(Job("3"));
        again.EndInput();
        (await again.ExitsAsync(180)).ShouldBe(0, again.Story);
        Result(again).ShouldBe((3, 0, 2));
    }

    [Fact]
    public async Task It_works_on_PostgreSQL()
    {
        var file = Write(Job("1"), Job("2"));
        await using var host = HostProcess.Start(["publish", file, "--postgres", await server.CreateDatabaseAsync()]);
        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        // What the registry announces in turn it handles, too, sooner or later.
        host.Output.ShouldMatch("^published 2, bad 0, .*handled by model-registry [234](,|$)");
    }

    [Theory]
    [InlineData("nowhere.ndjson")]
    [InlineData(".")]
    [InlineData(null)]
    public async Task What_is_no_file_is_a_mistake_of_usage(string? file)
    {
        string[] arguments = file is null ? ["publish", "--data", Data] : ["publish", Path.Combine(_folder.FullName, file), "--data", Data];
        await using var host = HostProcess.Start(arguments);
        (await host.ExitsAsync(180)).ShouldBe(2, host.Story);
        host.Errors.ShouldNotBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_another_process_works_in_is_refused()
    {
        await using var reading = HostProcess.Start(["publish", "-", "--data", Data]);
        await reading.SayAsync("{}");
        await PhantomSync.Tests.Wait.ForAsync(() => reading.Errors.Contains("line 1", StringComparison.Ordinal), "the first process is at work", 180);
        await using var second = HostProcess.Start(["publish", Write(Job("1")), "--data", Data]);
        (await second.ExitsAsync(180)).ShouldBe(2, second.Story);
        second.Errors.ShouldContain("another phantomsync process works in this folder");
        reading.EndInput();
        (await reading.ExitsAsync(180)).ShouldBe(1, reading.Story);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task Dead_letters_are_listed_shown_replayed_and_discarded_from_the_command_line()
    {
        var file = Write(Job("1"), Job("1").Replace("\"training_duration_ms\":5", "\"training_duration_ms\":6", StringComparison.Ordinal));
        await using (var publish = HostProcess.Start(["publish", file, "--data", Data]))
            (await publish.ExitsAsync(180)).ShouldBe(0, publish.Story);

        // Each service has a dead letter of its own.
        var letters = JsonDocument.Parse(await RunAsync(0, "list", "--json")).RootElement.EnumerateArray().ToDictionary(l => l.GetProperty("service").GetString()!);
        letters.Keys.ShouldBe(["model-registry", "audit-store", "audit-index", "sagas", "workloads"], ignoreOrder: true);
        var letter = letters["model-registry"];
        letter.GetProperty("state").GetString().ShouldBe("waiting");
        var id = letter.GetProperty("id").GetString()!;
        (await RunAsync(0, "show", id)).ShouldContain("\"training_duration_ms\": 6");
        (await RunAsync(0, "list", "--service", "nobody")).ShouldBe("0 dead letters");
        await RunAsync(2, "show", "nonsense");
        await RunAsync(2, "discard", id);
        await RunAsync(2, "replay");

        // A process at work carries it out; where there is none, the command does it itself.
        await using var run = HostProcess.Start(["run", "--data", Data, "--urls", "http://127.0.0.1:0"]);
        await PhantomSync.Tests.Wait.ForAsync(() => run.Output.Length > 0, "the host runs", 180);
        (await RunAsync(0, "discard", id, "--reason", "a test")).ShouldContain($"{id}: discarded");
        run.Terminate();
        await run.ExitsAsync(180);
        (await RunAsync(0, "list", "--service", "model-registry")).ShouldBe("0 dead letters");
        (await RunAsync(0, "list", "--service", "model-registry", "--closed")).ShouldContain("a test");
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var host = HostProcess.Start(["dead-letters", .. arguments, "--data", Data]);
        (await host.ExitsAsync(180)).ShouldBe(expected, host.Story);
        return host.Output;
    }

    private static (int Published, int Bad, int Duplicates) Result(HostProcess host)
    {
        var result = JsonDocument.Parse(host.Output).RootElement;
        return (result.GetProperty("published").GetInt32(), result.GetProperty("bad").GetInt32(), result.GetProperty("duplicates").GetInt32());
    }

    private static string Job(string job) => Encoding.UTF8.GetString(EventCatalogue.Platform.Write(Samples.TrainingJobCompleted with
    {
        JobId = job,
        TrainingDurationMs = 5,
        SyncMetadata = Samples.Metadata with { EventId = Guid.Parse($"0198c0de-0000-7000-8000-{job.PadLeft(12, '0')}"), IdempotencyKey = $"job {job}" },
    }));

    private string Write(params string[] lines)
    {
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.ndjson");
        File.WriteAllText(file, string.Join('\n', lines));
        return file;
    }
}
