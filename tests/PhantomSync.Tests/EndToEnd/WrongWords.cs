using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using PhantomSync.Tests.Registry;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>What the caller can put right is said in one or two lines, without a stack trace, and the exit code is 2.</summary>
[Collection(nameof(Fire))]
public sealed class WrongWords : IDisposable
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"phantom-words-{Environment.ProcessId}");

    [Theory]
    [InlineData("garbage", "this is not a connection string")]
    [InlineData("Database=x", "names no Host")]
    [InlineData("Host=x;Colour=blue", "this is not a connection string", "colour")]
    public Task A_wrong_connection_string_is_named(string connection, params string[] words) => ShouldRefuseAsync(["--postgres", connection], ["--postgres", .. words]);

    [Theory]
    [InlineData("not a broker")]
    [InlineData("kafka-1")]
    [InlineData("kafka-1:http")]
    [InlineData("")]
    public Task A_wrong_broker_address_is_named(string address) => ShouldRefuseAsync(["--kafka", address, "--data", Folder], ["--kafka", address, "kafka-1:9092"]);

    [Theory, Trait("row", "S12.20")]
    [InlineData("maybe")]
    [InlineData("1")]
    public async Task A_wrong_word_for_unknown_tenants_is_named(string word)
    {
        await using var host = HostProcess.Start(["publish", "-", "--unknown-tenants", word, "--data", Folder]);
        (await host.ExitsAsync(180)).ShouldBe(2, host.Story);
        host.Errors.ShouldContain($"--unknown-tenants is '{word}'; it must be pass or hold.");
        Directory.Exists(Folder).ShouldBeFalse("nothing was begun");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_named()
    {
        var file = Path.GetTempFileName();
        await ShouldRefuseAsync(["--data", Path.Combine(file, "data")], ["--data", file, "cannot be created"]);
        File.Delete(file);
    }

    [Fact]
    public async Task A_data_folder_that_is_not_writable_is_named()
    {
        Assert.SkipUnless(Directory.Exists("/proc/sys/kernel"), "needs a folder that nobody can write to, not even root: /proc");
        await ShouldRefuseAsync(["--data", "/proc/sys/kernel"], ["--data /proc/sys/kernel", "not writable"]);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_named()
    {
        using var bed = new DemoBed();
        await using var first = bed.Demo(events: 100_000, rate: 50);
        await bed.ReachesAsync(first, _ => true, "it runs");
        await ShouldRefuseAsync(["--data", bed.DataDirectory], ["--data", bed.DataDirectory, "another phantomsync process"]);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await ShouldRefuseAsync(["--broker-port", $"{port}", "--data", Folder], [$"127.0.0.1:{port}", "AddressAlreadyInUse", "Choose another port"]);
    }

    [Fact]
    public Task A_statistics_file_that_cannot_be_written_is_named() =>
        ShouldRefuseAsync(["--stats", "/nowhere/stats", "--data", Folder], ["--stats /nowhere/stats", "cannot be written"]);

    [Fact, Trait("row", "S13.18")]
    public async Task Tables_that_contradict_this_release_are_named()
    {
        await MakeRegistryAsync(RegistryReleases.Latest(postgres: false).Replace("\"latest_version\" INTEGER", "\"latest_version\" TEXT", StringComparison.Ordinal));
        await using var host = HostProcess.Start(["run", "--data", Folder, "--urls", "http://127.0.0.1:0"]);
        (await host.ExitsAsync(180)).ShouldBe(2, host.Story);
        host.Errors.Trim().ShouldBe(
            "The tables of RegistryDbContext do not fit this release, and nothing was changed. Column models.latest_version is of type TEXT, expected INTEGER. Change them by hand or with a migration.");
        await host.LeavesNobodyAsync();
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static async Task MakeRegistryAsync(string script)
    {
        Directory.CreateDirectory(Folder);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "registry.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ShouldRefuseAsync(string[] arguments, string[] words)
    {
        await using var host = HostProcess.Start(["demo", "--events", "10", "--json", .. arguments]);
        (await host.ExitsAsync(180)).ShouldBe(2, host.Story);
        foreach (var word in words)
            host.Errors.ShouldContain(word);
        host.Output.ShouldBeEmpty();
        host.Errors.ShouldNotContain("Exception");
        host.Errors.ShouldNotContain("   at ");
        host.Errors.Split('\n').Length.ShouldBeLessThanOrEqualTo(2, host.Errors);
        await host.LeavesNobodyAsync();
    }
}
