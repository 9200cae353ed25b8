using CsCheck;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Tests.Kafka;

public sealed class VolatileLogTests
{
    private readonly VolatileLog _log = new();

    [Fact]
    public void A_topic_that_nobody_reads_has_no_floor()
    {
        _log.Floor("t", 0).ShouldBe(long.MaxValue);
        _log.Register("a", ["t"]);
        _log.Floor("t", 0).ShouldBe(0);
        _log.Floor("other", 0).ShouldBe(long.MaxValue);
    }

    [Fact]
    [Trait("row", "S9.18")]
    public void Each_group_is_behind_by_what_was_stored_and_not_consumed_by_it()
    {
        _log.Register("a", ["t"]);
        _log.Register("b", ["t"]);
        foreach (var offset in (long[])[0, 1, 2])
            _log.Stored("t", 0, offset, 100, 0);
        _log.Stored("t", 1, 0, 100, 0);
        _log.Consumed("a", "t", 0, 2, 0);
        _log.Lag().ToDictionary(lag => lag.Group, lag => lag.Records).ShouldBe(new Dictionary<string, long> { ["a"] = 2, ["b"] = 4 }, ignoreOrder: true);
        _log.Reset();
        _log.Lag().ShouldAllBe(lag => lag.Records == 0);
    }

    [Fact]
    public void The_floor_is_where_the_slowest_group_stands()
    {
        _log.Register("a", ["t"]);
        _log.Register("b", ["t"]);
        _log.Consumed("a", "t", 0, 10, 0);
        _log.Floor("t", 0).ShouldBe(0);
        _log.Consumed("b", "t", 0, 4, 0);
        _log.Floor("t", 0).ShouldBe(4);
        _log.Consumed("b", "t", 0, 2, 0);
        _log.Floor("t", 0).ShouldBe(4, "a position does not go back");
    }

    [Fact]
    public void A_full_partition_closes_its_topic_until_the_slowest_has_read()
    {
        _log.Register("a", ["t", "u"]);
        _log.Register("b", ["t"]);
        for (var offset = 0; offset < 10; offset++)
            _log.Stored("t", 3, offset, (int)(VolatileLog.HighWaterBytes / 10), 0);
        _log.HasRoom("t").ShouldBeFalse();
        _log.HasRoom("u").ShouldBeTrue();
        _log.Consumed("a", "t", 3, 10, 0);
        _log.HasRoom("t").ShouldBeFalse();
        _log.Consumed("b", "t", 3, 1, 0);
        _log.HasRoom("t").ShouldBeTrue();
    }

    [Fact]
    public void Reports_of_an_earlier_life_are_not_heeded()
    {
        _log.Register("a", ["t"]);
        var before = _log.Incarnation;
        _log.Consumed("a", "t", 0, 5, before);
        _log.Reset();
        _log.Floor("t", 0).ShouldBe(0);
        _log.Consumed("a", "t", 0, 9, before);
        _log.Stored("t", 0, 0, (int)VolatileLog.HighWaterBytes, before);
        _log.Floor("t", 0).ShouldBe(0);
        _log.HasRoom("t").ShouldBeTrue();
        _log.Consumed("a", "t", 0, 1, _log.Incarnation);
        _log.Floor("t", 0).ShouldBe(1);
    }

    [Fact]
    public void After_a_gap_reports_of_the_same_life_still_count()
    {
        _log.Register("a", ["t"]);
        var before = _log.Incarnation;
        _log.Refeed();
        _log.Incarnation.ShouldBeGreaterThan(before);
        _log.Consumed("a", "t", 0, 1, before);
        _log.Floor("t", 0).ShouldBe(1);
    }

    [Fact]
    public void No_change_of_incarnation_is_lost()
    {
        Parallel.For(0, 20_000, i =>
        {
            if (i % 2 == 0)
                _log.Refeed();
            else
                _log.Reset();
        });
        _log.Incarnation.ShouldBe(20_000);
    }

    [Fact]
    public void Room_is_what_is_stored_and_not_yet_read_by_all_in_any_order_of_reports() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 3], Gen.Shuffle(Enumerable.Range(0, 40).ToArray())).Sample((count, groups, order) =>
        {
            var log = new VolatileLog();
            var names = Enumerable.Range(0, groups).Select(g => $"g{g}").ToArray();
            foreach (var name in names)
                log.Register(name, ["t"]);
            var size = (int)(VolatileLog.HighWaterBytes / count) + 1;

            // Some groups are told of a record before its sender is.
            foreach (var step in order.Where(step => step < count))
                log.Stored("t", 0, step, size, 0);
            if (log.HasRoom("t") != (groups == 0))
                return false;
            foreach (var name in names)
                log.Consumed(name, "t", 0, 1, 0);
            return log.HasRoom("t") && log.Floor("t", 0) == (groups == 0 ? long.MaxValue : 1);
        });
}
