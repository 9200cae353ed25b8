using System.Text;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.08")]
public sealed class ContentHashTests
{
    [Fact]
    public void It_tells_apart_what_the_fingerprint_tells_apart_and_nothing_else() => Gen.Select(Arbitrary.Json, Arbitrary.Json).Sample(
        (one, other) =>
        {
            string[] records =
            [
                $"{{\"event_type\":\"X\",\"data\":{{\"a\":{one.GetRawText()},\"b\":{other.GetRawText()}}}}}",
                $"{{ \"data\" : {{ \"b\":{other.GetRawText()}, \"a\":{one.GetRawText()} }}, \"event_type\":\"\\u0058\" }}",
                $"{{\"event_type\":\"X\",\"data\":{{\"a\":{other.GetRawText()},\"b\":{one.GetRawText()}}}}}",
                $"{{\"event_type\":\"X\",\"data\":{{\"a\":{one.GetRawText()},\"sync_metadata\":{other.GetRawText()},\"b\":{other.GetRawText()}}}}}",
                $"{{\"event_type\":\"X\",\"data\":{{\"a\":{{\"sync_metadata\":{one.GetRawText()}}},\"b\":{other.GetRawText()}}}}}",
                $"{{\"event_type\":\"X\",\"data\":[{one.GetRawText()},{other.GetRawText()}]}}",
                $"{{\"event_type\":\"X\",\"data\":[{other.GetRawText()},{one.GetRawText()}]}}",
            ];
            foreach (var left in records)
            {
                foreach (var right in records)
                    (Of(left) == Of(right)).ShouldBe(Fingerprint(left) == Fingerprint(right), $"{left}\n{right}");
            }
        });

    [Fact]
    public void Any_difference_counts()
    {
        string[] records =
        [
            "{}", "[]", "null", "0", "\"\"", "{\"data\":{}}", "{\"data\":[]}", "{\"data\":null}", "{\"a\":\"b\"}", "{\"b\":\"a\"}", "{\"a\":{\"b\":1}}",
            "{\"a\":[\"b\",1]}", "{\"a\":1,\"b\":1}", "{\"a\":1}", "{\"a\":\"1\"}", "{\"a\":1.0}", "{\"a\":[1,2]}", "{\"a\":[2,1]}", "{\"a\":[[1],2]}",
            "{\"a\":[1,[2]]}", "{\"a\":[[1,2]]}", "{\"a\":true}", "{\"a\":false}", "{\"a\":\"true\"}", "{\"a\":12}", "{\"a\":[1],\"b\":[2]}", "{\"a\":[],\"b\":[1,2]}",
            "{\"a\":{}}", "{\"a\":[]}", "{\"a\":{\"b\":{}}}", "{\"a\":{\"b\":[]}}", "{\"a\":[{}]}", "{\"a\":[{},{}]}", "{\"a\":\"0123456789abcdef\"}",
            "{\"a\":\"0123456789abcdeF\"}", "{\"a\":\"0123456789abcdefg\"}", "{", "x", "", "{\"a\":1}x", "{\"a\":\"\\ud800\"}",
        ];
        records.Select(Of).Distinct().Count().ShouldBe(records.Length);
    }

    [Fact]
    public void Half_a_million_records_that_differ_in_a_digit_have_as_many_hashes() =>
        Enumerable.Range(0, 500_000).Select(i => Of($"{{\"data\":{{\"n\":{i},\"id\":\"inf-{i}\"}}}}")).Distinct().Count().ShouldBe(500_000);

    [Fact]
    public void Reading_an_event_gives_it_too()
    {
        var record = Golden.Bytes("TenantSuspended");
        EventCatalogue.Platform.Read(record, out var hash);
        hash.ShouldBe(ContentHash.Of(record));
        var again = Record.Of("TenantSuspended");
        again["data"]!["sync_metadata"]!["retry_count"] = 7;
        Of(again.ToJsonString()).ShouldBe(hash);
    }

    [Fact]
    public void The_hash_of_today_is_the_hash_of_tomorrow() => ContentHash.Of(Golden.Bytes("TenantSuspended")).ToString("x16").ShouldBe("3c88f854ada0be34");

    private static ulong Of(string json) => ContentHash.Of(Encoding.UTF8.GetBytes(json));

    private static UInt128 Fingerprint(string json) => ContentFingerprint.Of(Encoding.UTF8.GetBytes(json));
}
