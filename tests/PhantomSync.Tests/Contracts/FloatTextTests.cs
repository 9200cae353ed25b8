using System.Globalization;
using System.Text;
using CsCheck;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.05")]
public sealed class FloatTextTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-1.0, "-1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.3, "0.3")]
    [InlineData(10.0, "10.0")]
    [InlineData(12.5, "12.5")]
    [InlineData(1234.5678, "1234.5678")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(123456789012345680.0, "1.2345678901234568e17")]
    [InlineData(9007199254740993.0, "9007199254740992.0")]
    [InlineData(1e16, "1e16")]
    [InlineData(1.5e16, "1.5e16")]
    [InlineData(1e21, "1e21")]
    [InlineData(0.001234, "0.001234")]
    [InlineData(1e-5, "0.00001")]
    [InlineData(1.5e-5, "0.000015")]
    [InlineData(1e-6, "1e-6")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e308")]
    [InlineData(-1.7976931348623157e308, "-1.7976931348623157e308")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(299792458.0, "299792458.0")]
    [InlineData(4.35, "4.35")]
    public void A_double_is_written_as_serde_json_writes_it(double value, string text) => Write(value).ShouldBe(text);

    [Fact]
    public void Any_finite_double_reads_back_bit_by_bit_and_fits_the_buffer() => Arbitrary.Finite.Sample(
        value =>
        {
            var text = Write(value);
            BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)).ShouldBe(BitConverter.DoubleToInt64Bits(value));
            (text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal)).ShouldBeTrue(text);
        },
        iter: 100_000);

    private static string Write(double value)
    {
        Span<byte> to = stackalloc byte[FloatText.MaxLength];
        return Encoding.UTF8.GetString(to[..FloatText.Format(value, to)]);
    }
}
