using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.08")]
public sealed class ContentFingerprintTests
{
    [Fact]
    public void Order_and_white_space_and_escapes_do_not_count() => Gen.Select(Arbitrary.Json, Gen.Int).Sample(
        (value, seed) =>
        {
            var record = JsonNode.Parse($"{{\"event_type\":\"X\",\"data\":{{\"b\":1,\"a\":{value.GetRawText()}}}}}")!;
            var shuffled = Shuffle(record, new Random(seed))!;
            Of(shuffled.ToJsonString(new() { WriteIndented = true })).ShouldBe(Of(record.ToJsonString()));
        });

    [Fact]
    public void Only_the_metadata_of_the_record_does_not_count()
    {
        var one = Record.Of("TenantSuspended");
        var two = Record.Of("TenantSuspended");
        two["data"]!["sync_metadata"] = new JsonObject { ["event_id"] = "other" };
        Of(two.ToJsonString()).ShouldBe(Of(one.ToJsonString()));
        two["sync_metadata"] = 1;
        Of(two.ToJsonString()).ShouldNotBe(Of(one.ToJsonString()));
        Of("""{"data":{"x":{"sync_metadata":1}}}""").ShouldNotBe(Of("""{"data":{"x":{"sync_metadata":2}}}"""));
    }

    [Fact]
    public void Any_other_difference_counts()
    {
        string[] records =
        [
            "{}", "[]", "null", "0", "\"\"", "{\"data\":{}}", "{\"data\":[]}", "{\"data\":null}", "{\"a\":\"b\"}", "{\"b\":\"a\"}", "{\"a\":{\"b\":1}}",
            "{\"a\":[\"b\",1]}", "{\"a\":1,\"b\":1}", "{\"a\":1}", "{\"a\":\"1\"}", "{\"a\":1.0}", "{\"a\":[1,2]}", "{\"a\":[2,1]}", "{\"a\":[[1],2]}",
            "{\"a\":[1,[2]]}", "{\"a\":true}", "{\"a\":false}", "{\"a\":\"true\"}", "{\"a\":12}", "{\"a\":[1],\"b\":[2]}", "{\"a\":[],\"b\":[1,2]}",
            "{", "x", "", "{\"a\":1}x", "{\"a\":\"\\ud800\"}",
        ];
        records.Select(Of).Distinct().Count().ShouldBe(records.Length);
    }

    [Fact]
    public void The_fingerprint_of_today_is_the_fingerprint_of_tomorrow() =>
        ContentFingerprint.Of(Golden.Bytes("TenantSuspended")).ToString("x32").ShouldBe("eb77bcc6b0d71aa66d40f7128032b775");

    private static UInt128 Of(string json) => ContentFingerprint.Of(Encoding.UTF8.GetBytes(json));

    private static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonObject members => new JsonObject(members
            .Select(p => KeyValuePair.Create(p.Key, Shuffle(p.Value, random)))
            .OrderBy(_ => random.Next())),
        JsonArray items => new JsonArray([.. items.Select(i => Shuffle(i, random))]),
        _ => node?.DeepClone(),
    };
}
