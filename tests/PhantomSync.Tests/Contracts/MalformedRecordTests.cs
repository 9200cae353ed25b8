using System.Text;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

public sealed class MalformedRecordTests
{
    private const string Meta = "\"sync_metadata\":{\"event_id\":\"0198c0de-0000-7000-8000-000000000001\",\"source_service\":\"s\",\"source_version\":\"\","
        + "\"occurred_at\":\"2026-03-01T00:00:00Z\",\"tenant_id\":\"t\",\"idempotency_key\":\"k\",\"retry_count\":0,\"sync_strategy\":\"Immediate\"}";

    [Theory]
    [InlineData("", WireFormatError.Empty, "")]
    [InlineData(" \r\n\t", WireFormatError.Empty, "")]
    [InlineData("\uFEFF{}", WireFormatError.ByteOrderMark, "")]
    [InlineData("{", WireFormatError.Truncated, "")]
    [InlineData("{\"event_type\":\"Tenant", WireFormatError.Truncated, "event_type")]
    [InlineData("{\"data\":{\"a\":[1,{\"b\":tr", WireFormatError.Truncated, "data.a[1].b")]
    [InlineData("{} {}", WireFormatError.TrailingData, "")]
    [InlineData("{}x", WireFormatError.TrailingData, "")]
    [InlineData("nonsense", WireFormatError.InvalidJson, "")]
    [InlineData("{'a':1}", WireFormatError.InvalidJson, "")]
    [InlineData("{\"a\":01}", WireFormatError.InvalidJson, "a")]
    [InlineData("{\"a\":1,}", WireFormatError.InvalidJson, "a")]
    [InlineData("{\"a\":NaN}", WireFormatError.InvalidJson, "a")]
    [InlineData("{\"a\":1/**/}", WireFormatError.InvalidJson, "a")]
    [InlineData("[]", WireFormatError.WrongType, "")]
    [InlineData("null", WireFormatError.WrongType, "")]
    [InlineData("\"x\"", WireFormatError.WrongType, "")]
    [InlineData("{}", WireFormatError.MissingField, "event_type")]
    [InlineData("{\"event_type\":7,\"data\":{}}", WireFormatError.WrongType, "event_type")]
    [InlineData("{\"event_type\":null,\"data\":{}}", WireFormatError.WrongType, "event_type")]
    [InlineData("{\"event_type\":{\"event_type\":\"x\"},\"data\":{}}", WireFormatError.WrongType, "event_type")]
    [InlineData("{\"event_type\":\"TenantSuspended\"}", WireFormatError.MissingField, "data")]
    [InlineData("{\"event_type\":\"TenantSuspended\",\"data\":null}", WireFormatError.WrongType, "data")]
    [InlineData("{\"event_type\":\"TenantSuspended\",\"data\":\"x\"}", WireFormatError.WrongType, "data")]
    [InlineData("{\"event_type\":\"A\",\"event_type\":\"A\"}", WireFormatError.DuplicateKey, "event_type")]
    [InlineData("{\"event_type\":\"A\",\"event\\u005ftype\":\"A\"}", WireFormatError.DuplicateKey, "event_type")]
    [InlineData("{\"data\":{\"x\":[{\"y\":1,\"y\":1}]}}", WireFormatError.DuplicateKey, "data.x[0].y")]
    [InlineData("{\"a\":\"\\u0000\"}", WireFormatError.InvalidString, "a")]
    [InlineData("{\"a\":\"\\ud800\"}", WireFormatError.InvalidString, "a")]
    [InlineData("{\"a\":\"\\ud83d\\n\"}", WireFormatError.InvalidString, "a")]
    [InlineData("{\"a\":\"\\ude00\\ud83d\"}", WireFormatError.InvalidString, "a")]
    [InlineData("{\"\\udfff\":1}", WireFormatError.InvalidString, "\\udfff")]
    [InlineData("{\"a\":[0,1e400]}", WireFormatError.NumberOutOfRange, "a[1]")]
    public void Bytes_that_are_no_record_are_refused_with_a_reason(string text, WireFormatError code, string field)
    {
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Encoding.UTF8.GetBytes(text)));
        fault.Code.ShouldBe(code, fault.Message);
        fault.Field.ShouldBe(field);
    }

    [Fact]
    [Trait("row", "S1.16")]
    public void Bytes_that_are_not_UTF8_are_refused_with_their_place()
    {
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read("{\"a\":\""u8.ToArray().Concat(new byte[] { 0xC3, 0x28 }).ToArray()));
        fault.Code.ShouldBe(WireFormatError.InvalidUtf8);
        fault.Found.ShouldBe("invalid bytes at offset 6");
    }

    [Fact]
    [Trait("row", "S1.09")]
    public void An_event_type_nobody_knows_is_kept_in_the_error()
    {
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read("""{"event_type":"ModelPromoted","data":{}}"""u8.ToArray()));
        fault.Code.ShouldBe(WireFormatError.UnknownEventType);
        fault.EventType.ShouldBe("ModelPromoted");
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, false)]
    [InlineData(10_000, false)]
    [Trait("row", "S1.13")]
    public void A_record_has_at_most_64_levels(int levelsInValue, bool fits)
    {
        var value = new string('[', levelsInValue) + new string(']', levelsInValue);
        var record = Record.Utf8("{\"event_type\":\"AgentExecutionCompleted\",\"data\":{\"execution_id\":\"e\",\"agent_id\":\"a\",\"tenant_id\":\"t\","
            + $"\"execution_time_ms\":1,{Meta},\"result\":{value}}}}}");
        if (fits)
        {
            var read = EventCatalogue.Platform.Read(record);
            EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(read)).ShouldBe(read);
            return;
        }
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(record)).Code.ShouldBe(WireFormatError.TooDeep);
    }

    [Fact]
    [Trait("row", "S1.13")]
    public void A_duplicate_among_very_many_names_is_found_quickly()
    {
        var names = string.Join(",", Enumerable.Range(0, 200_000).Select(i => $"\"n{i}\":0"));
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8($"{{\"data\":{{{names},\"n7\":1}}}}")));
        fault.Code.ShouldBe(WireFormatError.DuplicateKey);
        fault.Field.ShouldBe("data.n7");
    }

    [Fact]
    public void The_same_name_in_neighbours_and_parents_is_no_duplicate()
    {
        var record = Record.Utf8("{\"event_type\":\"AgentExecutionCompleted\",\"data\":{\"execution_id\":\"e\",\"agent_id\":\"a\",\"tenant_id\":\"t\","
            + $"\"execution_time_ms\":1,{Meta},\"result\":{{\"a\":{{\"a\":1,\"b\":2}},\"b\":[{{\"a\":1}},{{\"a\":2}}],\"c\":{{}}}}}}}}");
        EventCatalogue.Platform.Read(record).ShouldBeOfType<AgentExecutionCompleted>().Result.GetPropertyCount().ShouldBe(3);
    }

    [Theory]
    [InlineData("\"Later\"", WireFormatError.UnknownVariant, "")]
    [InlineData("{}", WireFormatError.UnknownVariant, "")]
    [InlineData("{\"Later\":{}}", WireFormatError.UnknownVariant, "")]
    [InlineData("7", WireFormatError.WrongType, "")]
    [InlineData("null", WireFormatError.WrongType, "")]
    [InlineData("{\"BatchDelayed\":7}", WireFormatError.WrongType, ".BatchDelayed")]
    [InlineData("{\"BatchDelayed\":{\"batch_size\":1}}", WireFormatError.MissingField, ".BatchDelayed.delay_ms")]
    [InlineData("{\"BatchDelayed\":{\"delay_ms\":1}}", WireFormatError.MissingField, ".BatchDelayed.batch_size")]
    [InlineData("{\"BatchDelayed\":{\"batch_size\":4294967296,\"delay_ms\":1}}", WireFormatError.NumberOutOfRange, ".BatchDelayed.batch_size")]
    [InlineData("{\"EventualConsistency\":{\"max_delay_ms\":\"1\"}}", WireFormatError.WrongType, ".EventualConsistency.max_delay_ms")]
    [InlineData("{\"EventualConsistency\":{\"max_delay_ms\":1},\"Immediate\":null}", WireFormatError.UnknownVariant, "")]
    [Trait("row", "S1.04")]
    public void A_strategy_nobody_knows_is_refused(string strategy, WireFormatError code, string below)
    {
        var record = Record.Utf8(Encoding.UTF8.GetString(Golden.Bytes("TenantSuspended")).Replace("\"Immediate\"", strategy, StringComparison.Ordinal));
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(record));
        fault.Code.ShouldBe(code, fault.Message);
        fault.Field.ShouldBe("data.sync_metadata.sync_strategy" + below);
    }

    [Theory]
    [InlineData("{\"Immediate\":null}")]
    [InlineData("\"Immediate\"")]
    [Trait("row", "S1.04")]
    public void Both_spellings_of_immediate_are_read(string strategy)
    {
        var record = Record.Utf8(Encoding.UTF8.GetString(Golden.Bytes("TenantSuspended")).Replace("\"Immediate\"", strategy, StringComparison.Ordinal));
        EventCatalogue.Platform.Read(record).SyncMetadata.SyncStrategy.ShouldBe(new SyncStrategy.Immediate());
    }

    [Fact]
    [Trait("row", "S3.07")]
    public void Two_tenants_in_one_record_are_refused()
    {
        var record = Record.Of("TenantSuspended");
        record["data"]!["sync_metadata"]!["tenant_id"] = "tenant-2";
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record)));
        fault.Code.ShouldBe(WireFormatError.TenantMismatch);
        fault.Field.ShouldBe("data.sync_metadata.tenant_id");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u007fb")]
    [Trait("row", "S1.15")]
    public void An_id_that_breaks_the_rule_is_refused_on_both_sides(string id)
    {
        foreach (var bad in new[] { id, id + new string('x', 201) })
        {
            var record = Record.Of("ModelDeleted");
            record["data"]!["model_id"] = bad;
            var read = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record)));
            (read.Code, read.Field).ShouldBe((WireFormatError.InvalidIdentifier, "data.model_id"));
            EventCatalogue.Platform.Validate(Samples.ModelDeleted with { ModelId = bad })!.Code.ShouldBe(WireFormatError.InvalidIdentifier);
        }
    }

    [Fact]
    public void Error_texts_show_no_control_characters_and_little_of_the_value()
    {
        var record = Record.Of("TenantSuspended");
        record["data"]!["sync_metadata"]!["event_id"] = "\u0007" + new string('x', 5_000);
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record)));
        fault.Message.Length.ShouldBeLessThan(200);
        fault.Message.Any(char.IsControl).ShouldBeFalse();
    }
}
