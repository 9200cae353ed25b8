using CsCheck;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What chance says about one change of a history.</summary>
/// <param name="Source">Who makes it.</param>
/// <param name="Seconds">Its time; several may have the same.</param>
/// <param name="Knows">Which of the earlier changes it knows, a bit each.</param>
/// <param name="Fields">Two bits per field: not set, or one of three values.</param>
/// <param name="Says">What its metadata tells: bit 0 a label, bit 1 a clock, bit 2 a version number.</param>
internal readonly record struct Draw(int Source, int Seconds, int Knows, int Fields, int Says)
{
    public static readonly string[] Names = ["a", "b", "c"];

    public static readonly Gen<Draw> Any = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 20].Select(step => step * 40), Gen.Int[0, 1023], Gen.Int[1, 63], Gen.Int[0, 7], (source, seconds, knows, fields, says) => new Draw(source, seconds, knows, fields, says));

    private static readonly ConflictStrategy[] Strategies =
    [
        ConflictStrategy.LastWriteWins,
        ConflictStrategy.FirstWriteWins,
        ConflictStrategy.VersionBased,
        ConflictStrategy.BusinessRules("TrainingServicePriority"),
        ConflictStrategy.ManualResolution,
    ];

    public static readonly Gen<ConflictStrategy> Strategy = Gen.Int[0, Strategies.Length - 1].Select(index => Strategies[index]);

    /// <summary>The history: clocks and labels say what each change knows, of its own source's changes all.</summary>
    public static ConflictingChange[] Tell(IReadOnlyList<Draw> draws, int? says = null)
    {
        var told = new List<ConflictingChange>();
        var clocks = new List<VectorClock>();
        for (var i = 0; i < draws.Count; i++)
        {
            var draw = draws[i];
            var says1 = says ?? draw.Says;
            var known = Enumerable.Range(0, i).Where(j => draws[j].Source == draw.Source || (draw.Knows & (1 << (j % 10))) != 0).ToArray();
            var source = draw.Source == 2 ? "training_service" : $"service-{draw.Source}";
            var clock = known.Select(j => clocks[j]).Aggregate(new VectorClock(), (one, other) => one.Merge(other));
            clock = clock.Merge(new VectorClock(KeyValuePair.Create(source, clock[source] + 1)));
            clocks.Add(clock);
            var fields = Names.Select((name, n) => (name, Value: (draw.Fields >> (2 * n)) & 3)).Where(field => field.Value > 0).Select(field => (field.name, (object?)field.Value)).ToArray();
            told.Add(Changes.Change($"change-{i}", source, draw.Seconds, fields) with
            {
                PreviousVersion = (says1 & 1) != 0 ? known.Length > 0 ? $"v{known[^1]}" : "v-start" : null,
                NewVersion = (says1 & 1) != 0 ? $"v{i}" : null,
                VectorClock = (says1 & 2) != 0 ? clock : null,
                Version = (says1 & 4) != 0 ? (ulong)(known.Length + 1) : null,
            });
        }

        return [.. told];
    }
}
