using System.Text.Json;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>Whatever the bytes, the reader refuses in one way only.</summary>
public sealed class FuzzTests
{
    private static readonly byte[][] Goldens = [.. Golden.Names().Select(Golden.Bytes)];

    private static readonly byte[] Structure = [.. "{}[]\",:\\u0123456789eE+-.ntf \0"u8, 0xc3, 0xff, 0xed, 0xa0];

    private static readonly Gen<(int At, int Kind, byte Value)> Change = Gen.Select(
        Gen.Int[0, 2_000], Gen.Int[0, 4], Gen.OneOf(Gen.Byte, Gen.Int[0, Structure.Length - 1].Select(i => Structure[i])));

    [Fact]
    public void Mutated_records_are_read_or_refused_and_nothing_else() => Gen.Select(Gen.Int[0, Goldens.Length - 1], Change.Array[1, 4]).Sample(
        (golden, changes) => ReadOrRefuse(changes.Aggregate(Goldens[golden], Apply)), iter: 60_000);

    [Fact]
    public void Records_cut_anywhere_are_refused()
    {
        foreach (var record in Goldens)
        {
            for (var length = 0; length < record.Length; length++)
                Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(record.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Arbitrary_bytes_are_refused() => Gen.Byte.Array[0, 64].Sample(ReadOrRefuse, iter: 20_000);

    [Fact]
    public void Arbitrary_JSON_in_any_field_is_read_or_refused() => Gen.Select(Gen.Int[0, Goldens.Length - 1], Gen.Int[0, 30], Arbitrary.Json).Sample(
        (golden, field, value) =>
        {
            var record = System.Text.Json.Nodes.JsonNode.Parse(Goldens[golden])!;
            var data = record["data"]!.AsObject();
            var parent = field % 2 == 0 ? data : data["sync_metadata"]!.AsObject();
            parent[parent.ElementAt(field / 2 % parent.Count).Key] = System.Text.Json.Nodes.JsonNode.Parse(value.GetRawText());
            ReadOrRefuse(Record.Utf8(record));
        },
        iter: 10_000);

    private static void ReadOrRefuse(byte[] record)
    {
        _ = EventCatalogue.PeekEventType(record);
        _ = ContentFingerprint.Of(record);
        try
        {
            var read = EventCatalogue.Platform.Read(record);
            EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(read)).ShouldBe(read);
        }
        catch (WireFormatException fault)
        {
            fault.Expected.ShouldNotBeEmpty();
            fault.Found.ShouldNotBeEmpty();
        }
    }

    private static byte[] Apply(byte[] record, (int At, int Kind, byte Value) change)
    {
        var at = record.Length == 0 ? 0 : change.At % record.Length;
        return change.Kind switch
        {
            0 => [.. record[..at], change.Value, .. record[Math.Min(at + 1, record.Length)..]],
            1 => [.. record[..at], .. record[Math.Min(at + 1, record.Length)..]],
            2 => [.. record[..at], change.Value, .. record[at..]],
            3 => record[..at],
            _ => [.. record[..at], .. record[Math.Max(0, at - 20)..]],
        };
    }
}
