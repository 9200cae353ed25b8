using System.Diagnostics;
using System.Text.Json;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>
/// The demo is killed again and again, at named places and at any moment, and started anew on the same data. What is left in
/// the end must be as if nobody had touched it. PHANTOM_SEED repeats a run's schedule.
/// </summary>
public abstract class ProofUnderFire
{
    /// <summary>The named places, with the highest hit that is sure to come in a round.</summary>
    private static readonly (string Name, int Hits)[] Places =
    [
        ("relay.after_claim", 4), ("relay.before_produce", 150), ("relay.after_produce", 150), ("relay.after_ack", 4), ("relay.in_delete", 4),
        ("cons.polled", 20), ("cons.before_tx", 20), ("cons.after_inbox", 20), ("cons.before_commit", 20), ("cons.before_offset", 2), ("cons.in_revoke", 2),
        ("cons.after_commit", 20),
    ];

    private const int KillsAtWork = 8;
    private const int KillsAtStart = 3;

    [Fact]
    [Trait("row", "F01")]
    [Trait("row", "F02")]
    [Trait("row", "F05")]
    [Trait("row", "S13.05")]
    public async Task Whatever_moment_the_host_is_killed_at_each_event_is_applied_once_and_in_order()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PHANTOM_SEED"), out var given) ? given : Random.Shared.Next(1, 1_000_000);
        TestContext.Current.SendDiagnosticMessage($"PHANTOM_SEED={seed}");
        TestContext.Current.TestOutputHelper!.WriteLine($"PHANTOM_SEED={seed}");
        var random = new Random(seed);
        using var bed = await CreateBedAsync();

        var kills = 0;
        foreach (var round in Schedule(random))
        {
            var fire = Stopwatch.StartNew();
            var host = round.Place is { } place
                ? bed.Demo(events: 300, seed: seed, failPoints: $"{place}=kill@{round.Hit}")
                : bed.Demo(events: 1_000_000, rate: 300, seed: seed);
            await using (host)
            {
                if (round.Place is null)
                {
                    if (round.AtWork)
                        await bed.ReachesAsync(host, run => run.GetProperty("handled").GetInt64() > 0, "it works");
                    await Task.Delay(round.After, TestContext.Current.CancellationToken);
                    host.HasExited.ShouldBeFalse(host.Story);
                    host.Kill();
                }

                (await host.ExitsAsync(180)).ShouldBe(HostProcess.Killed, $"{round}: {host.Story}");
                await host.LeavesNobodyAsync();
                kills++;
                TestContext.Current.TestOutputHelper!.WriteLine($"{round}: {bed.LastStats(host.Id)} after {fire.ElapsedMilliseconds} ms");
            }
        }

        await using var last = bed.Demo(events: 100, seed: seed);
        (await last.ExitsAsync(180)).ShouldBe(0, last.Story);
        await last.LeavesNobodyAsync();
        var report = JsonDocument.Parse(last.Output).RootElement;
        TestContext.Current.TestOutputHelper!.WriteLine($"{report}");
        foreach (var wrong in new[] { "lost", "applied_twice", "out_of_order" })
            report.GetProperty(wrong).GetInt64().ShouldBe(0, $"{wrong}, PHANTOM_SEED={seed}");
        var events = Evidence.ShouldBeSound(bed);

        // The fire was real: work was done in many rounds, and what had been applied came from the broker again.
        kills.ShouldBeGreaterThanOrEqualTo(20);
        events.ShouldBeGreaterThan(500);
        var runs = bed.AllLastStats();
        (report.GetProperty("delivered").GetInt64() - report.GetProperty("handled").GetInt64()).ShouldBeGreaterThan(0, "after the last kill, records came again that had been applied");
        runs.Sum(run => run.GetProperty("duplicates_dropped").GetInt64()).ShouldBeGreaterThan(0, "inbox hits");
        runs.Count(run => run.GetProperty("handled").GetInt64() > 0).ShouldBeGreaterThan(KillsAtWork, "rounds in which something was applied before the kill");
    }

    internal abstract Task<DemoBed> CreateBedAsync();

    /// <summary>Named places and random moments, mixed; at last a kill between the commit and anyone's knowledge of it.</summary>
    private static List<Round> Schedule(Random random)
    {
        var rounds = Places.SkipLast(1).Select(place => new Round(place.Name, random.Next(1, place.Hits + 1)))
            .Concat(Enumerable.Range(0, KillsAtWork).Select(_ => new Round(AtWork: true, After: TimeSpan.FromMilliseconds(random.Next(0, 600)))))
            .Concat(Enumerable.Range(0, KillsAtStart).Select(_ => new Round(After: TimeSpan.FromMilliseconds(random.Next(200, 1_500)))))
            .ToArray();
        random.Shuffle(rounds);
        return [.. rounds, new Round(Places[^1].Name, random.Next(1, Places[^1].Hits + 1))];
    }

    private sealed record Round(string? Place = null, int Hit = 0, bool AtWork = false, TimeSpan After = default)
    {
        public override string ToString() => Place is null ? $"killed {After.TotalMilliseconds} ms after {(AtWork ? "it began to work" : "it was started")}" : $"killed at {Place}, hit {Hit}";
    }
}
