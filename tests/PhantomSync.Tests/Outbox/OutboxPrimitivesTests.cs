using CsCheck;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.Tests.Outbox;

public sealed class OutboxPrimitivesTests
{
    [Fact]
    public void Headers_come_back_as_they_were() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char["aé漢 \0"], 0, 50], (name, value) => new KeyValuePair<string, string>(name, value))
            .List[0, 12].Sample(headers =>
            {
                var bytes = HeaderCodec.Encode(headers);
                HeaderCodec.Decode(bytes).ShouldBe(headers);
                HeaderCodec.ToKafka(bytes)?.Select(h => h.Key).ShouldBe(headers.Select(h => h.Key));
            });

    [Fact]
    public void Ids_grow_within_a_millisecond_and_across_threads()
    {
        var now = DateTimeOffset.UtcNow;
        var ids = Enumerable.Range(0, 20_000).Select(_ => OutboxId.Next(now)).ToList();
        ids.Zip(ids.Skip(1)).ShouldAllBe(pair => pair.First.CompareTo(pair.Second) < 0);
        ids.ShouldAllBe(id => id.Version == 7);
        ids.AddRange(Enumerable.Range(0, 20_000).AsParallel().Select(_ => OutboxId.Next(now)));
        ids.Distinct().Count().ShouldBe(40_000);
    }

    /// <summary>Stored with every row: a change would let two versions of the program disagree on a key's lane.</summary>
    [Fact]
    public void The_hash_of_a_key_never_changes()
    {
        StableHash.Of("phantom.models", "acme:m-1").ShouldBe(-5878516838773633284);
        StableHash.Of("phantom.models", "").ShouldBe(-4534084590789630114);
        StableHash.Of("a", "bc").ShouldNotBe(StableHash.Of("ab", "c"));
        Enumerable.Range(0, 64_000).GroupBy(i => Lanes.Of(StableHash.Of("t", $"acme:m-{i}"))).ShouldAllBe(lane => lane.Count() > 800 && lane.Count() < 1_200);
    }
}
