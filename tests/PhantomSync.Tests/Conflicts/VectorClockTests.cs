using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Conflicts;

[Trait("row", "S16.06")]
public sealed class VectorClockTests
{
    private static readonly Gen<VectorClock> Clock =
        Gen.Select(Gen.ULong[0, 3], Gen.ULong[0, 3], Gen.ULong[0, 3], (a, b, c) => Changes.Clock(("a", a), ("b", b), ("c", c)));

    [Fact]
    public void Before_is_a_strict_partial_order() => Gen.Select(Clock, Clock, Clock).Sample((x, y, z) =>
    {
        x.IsBefore(x).ShouldBeFalse();
        (x.IsBefore(y) && y.IsBefore(x)).ShouldBeFalse();
        if (x.IsBefore(y) && y.IsBefore(z))
            x.IsBefore(z).ShouldBeTrue();
    });

    [Fact]
    public void A_merge_is_the_least_clock_that_has_seen_both() => Gen.Select(Clock, Clock, Clock).Sample((x, y, z) =>
    {
        var merged = x.Merge(y);
        merged.ShouldBe(y.Merge(x));
        x.Merge(x).ShouldBe(x);
        x.Merge(y.Merge(z)).ShouldBe(merged.Merge(z));
        (x.Equals(merged) || x.IsBefore(merged)).ShouldBeTrue();
        if ((x.Equals(z) || x.IsBefore(z)) && (y.Equals(z) || y.IsBefore(z)))
            (merged.Equals(z) || merged.IsBefore(z)).ShouldBeTrue();
    });

    [Fact]
    public void A_source_that_counts_nothing_is_as_one_that_is_not_named()
    {
        Changes.Clock(("a", 1), ("b", 0)).ShouldBe(Changes.Clock(("a", 1)));
        Changes.Clock(("a", 1), ("b", 0)).GetHashCode().ShouldBe(Changes.Clock(("a", 1)).GetHashCode());
    }

    [Fact]
    public void Bad_clocks_are_refused_with_the_reason()
    {
        Should.Throw<ArgumentException>(() => Changes.Clock((" ", 1))).Message.ShouldContain("source of the vector clock");
        Should.Throw<ArgumentException>(() => Changes.Clock([.. Enumerable.Range(0, 101).Select(i => ($"s{i}", 1UL))])).Message.ShouldContain("at most 100");
    }
}
