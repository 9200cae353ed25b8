using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>A relay in a process of its own, to be killed.</summary>
internal static class RelayProcess
{
    public const string Verb = "relay";

    /// <summary>The child prints a line once it runs.</summary>
    public static Process Start(Stage stage) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ProgramArguments([Verb, stage.Postgres, stage.Kafka, stage.Topic])) { RedirectStandardOutput = true, UseShellExecute = false })!;

    /// <summary>What the child does: it relays until it is killed.</summary>
    public static async Task<int> RunAsync(string postgres, string kafka, string topic)
    {
        await using var stage = Stage.Join(postgres, kafka, topic);
        using var host = await BenchHost.CreateAsync(stage, relay: false);
        using var relay = ActivatorUtilities.CreateInstance<OutboxRelayService<BenchContext>>(host.Services);
        await relay.StartAsync(CancellationToken.None);
        Console.WriteLine("relaying");
        await Task.Delay(TimeSpan.FromMinutes(5));
        return 1;
    }

    private static string[] ProgramArguments(string[] arguments)
    {
        var assembly = typeof(RelayProcess).Assembly.Location;
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [assembly, .. arguments] : arguments;
    }
}
