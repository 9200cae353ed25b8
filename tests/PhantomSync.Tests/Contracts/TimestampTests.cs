using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.07")]
public sealed class TimestampTests
{
    [Theory]
    [InlineData("2026-03-01T12:34:56Z", "2026-03-01T12:34:56Z")]
    [InlineData("2026-03-01T12:34:56.000000000Z", "2026-03-01T12:34:56Z")]
    [InlineData("2026-03-01T12:34:56.1Z", "2026-03-01T12:34:56.100Z")]
    [InlineData("2026-03-01T12:34:56.1234Z", "2026-03-01T12:34:56.123400Z")]
    [InlineData("2026-03-01T12:34:56.1234567Z", "2026-03-01T12:34:56.123456700Z")]
    [InlineData("2026-03-01T12:34:56.000000001Z", "2026-03-01T12:34:56.000000001Z")]
    [InlineData("2026-03-01t12:34:56z", "2026-03-01T12:34:56Z")]
    [InlineData("2026-03-01 12:34:56+00:00", "2026-03-01T12:34:56Z")]
    [InlineData("2026-03-01T12:34:56-00:00", "2026-03-01T12:34:56Z")]
    [InlineData("2026-03-01T00:30:00.5+05:45", "2026-02-28T18:45:00.500Z")]
    [InlineData("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    public void Any_offset_and_up_to_nine_digits_are_read_and_written_as_chrono_does(string text, string written) =>
        Timestamp.Parse(text).ToString().ShouldBe(written);

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:34:56")]
    [InlineData("2026-03-01T12:34Z")]
    [InlineData("2026-03-01T12:34:56.Z")]
    [InlineData("2026-03-01T12:34:56.1234567890Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("+10000-01-01T00:00:00Z")]
    [InlineData("2026-03-01T12:34:56+0100")]
    [InlineData("2026-03-01T12:34:56+24:00")]
    [InlineData("2026-03-01T12:34:56Zx")]
    [InlineData("2026-03-01T12:34:5６Z")]
    public void What_is_no_such_time_is_refused(string text)
    {
        Timestamp.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Timestamp.Parse(text)).Message.ShouldContain(text);
        var record = Record.Of("AuditLogCreated");
        record["data"]!["timestamp"] = text;
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record))).Code.ShouldBe(WireFormatError.InvalidTimestamp);
    }

    [Fact]
    public void A_moment_reads_back_as_written_and_keeps_its_order() => Gen.Select(Arbitrary.Time, Arbitrary.Time).Sample(
        (a, b) =>
        {
            Timestamp.Parse(a.ToString()).ShouldBe(a);
            Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign((a.Ticks, a.SubsecondNanoseconds).CompareTo((b.Ticks, b.SubsecondNanoseconds))));
            var order = a.CompareTo(b);
            new[] { a < b, b < a, a <= b, b <= a }.ShouldBe([order < 0, order > 0, order <= 0, order >= 0]);
        });

    [Fact]
    public void Microseconds_are_what_every_store_keeps() => Arbitrary.Time.Sample(moment =>
    {
        var kept = moment.ToMicroseconds();
        kept.ShouldBe(kept.ToMicroseconds());
        (kept <= moment).ShouldBeTrue();
        Timestamp.FromUnixMicroseconds(moment.UnixMicroseconds).ShouldBe(kept);
        Timestamp.From(kept.ToDateTimeOffset()).ShouldBe(kept);
    });

    [Fact]
    public void A_moment_with_an_offset_becomes_UTC() =>
        Timestamp.From(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.FromHours(2))).ToString().ShouldBe("2026-02-28T23:00:00Z");
}
