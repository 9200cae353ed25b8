using System.Text;
using System.Text.Json;
using CsCheck;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>Any event that may travel.</summary>
internal static class Arbitrary
{
    private static readonly Gen<Rune> Runes = Gen.OneOf(Gen.Int[1, 0x7f], Gen.Int[0x80, 0xd7ff], Gen.Int[0xe000, 0x10ffff]).Select(c => new Rune(c));

    public static readonly Gen<string> Text = Runes.Array[0, 12].Select(string.Concat);

    public static readonly Gen<string> Id = Text.Where(t => t.Length > 0 && t.Trim() == t && !t.Any(char.IsControl));

    private static readonly Gen<double> AnyDouble = Gen.OneOf(
        Gen.Double, Gen.ULong.Select(BitConverter.UInt64BitsToDouble), Gen.Int.Select(i => (double)i),
        Gen.OneOf(0d, -0d, double.NaN, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity));

    public static readonly Gen<double> Finite = AnyDouble.Where(double.IsFinite);

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Gen.OneOf("null", "true", "false", "1.50", "2E+3", "-0", "123456789012345678901234567890"),
        Gen.Long.Select(n => n.ToString()),
        Text.Select(t => JsonSerializer.Serialize(t)));

    public static readonly Gen<JsonElement> Json = Nested(Nested(Leaf)).Select(text => JsonElement.Parse(text));

    public static readonly Gen<Timestamp> Time = Gen.Select(
        Gen.Long[0, Timestamp.MaxValue.Ticks], Gen.OneOf(1, 10, 10_000), Gen.Int[0, 99],
        (ticks, coarse, nanos) => PhantomSync.Contracts.Timestamp.Parse(
            new DateTime(ticks - (ticks % coarse)).ToString("yyyy-MM-ddTHH:mm:ss.fffffff") + (coarse == 1 ? $"{nanos:00}Z" : "Z")));

    private static readonly Gen<Guid> EventId = Gen.Guid.Where(g => g != Guid.Empty);

    private static readonly Gen<Guid?> OptionalId = Gen.OneOf(Gen.Const((Guid?)null), Gen.Guid.Select(g => (Guid?)g));

    private static readonly Gen<SyncStrategy> Strategy = Gen.OneOf(
        Gen.Const((SyncStrategy)new SyncStrategy.Immediate()),
        Gen.Select(Gen.UInt, Gen.ULong, (size, delay) => (SyncStrategy)new SyncStrategy.BatchDelayed(size, delay)),
        Gen.ULong.Select(delay => (SyncStrategy)new SyncStrategy.EventualConsistency(delay)));

    private static readonly Gen<SyncMetadata> Metadata = Gen.Select(
        EventId, Id, Text, Time, Gen.Select(OptionalId, OptionalId), Id, Gen.UInt, Strategy,
        (id, service, version, time, context, key, retries, strategy) => new SyncMetadata
        {
            EventId = id,
            SourceService = service,
            SourceVersion = version,
            OccurredAt = time,
            CorrelationId = context.Item1,
            CausationId = context.Item2,
            TenantId = "",
            IdempotencyKey = key,
            RetryCount = retries,
            SyncStrategy = strategy,
        });

    private static readonly Gen<Dictionary<string, double>> Metrics = Gen.Dictionary(Text, AnyDouble)[0, 6];

    private static readonly Gen<Dictionary<string, JsonElement>> Map = Gen.Dictionary(Text, Json)[0, 4];

    private static readonly Gen<Quota?> Limit = Gen.OneOf(
        Gen.Const((Quota?)null), Gen.Const((Quota?)Quota.Unlimited), Gen.ULong.Select(n => (Quota?)Quota.Of(n)));

    private static readonly Gen<Material> Materials = Gen.Select(
        Id.Array[4], Text.Array[4], Json.Array[2], Finite, Gen.ULong.Array[3], Gen.Select(Metrics, Map), Gen.Select(Time, Limit), Metadata,
        (ids, texts, json, number, counts, maps, other, metadata) =>
            new Material(ids, texts, json, number, counts, maps.Item1, maps.Item2, other.Item1, other.Item2, metadata with { TenantId = ids[0] }));

    /// <summary>An event of each of the fifteen kinds, made of the same material.</summary>
    public static readonly Gen<ISyncEvent[]> OneOfEach = Materials.Select(m => m.Events());

    private static Gen<string> Nested(Gen<string> inner) => Gen.OneOf(
        inner,
        inner.Array[0, 3].Select(items => "[" + string.Join(", ", items) + "]"),
        Gen.Dictionary(Text, inner)[0, 3].Select(d => "{ " + string.Join(",", d.Select(p => JsonSerializer.Serialize(p.Key) + ":" + p.Value)) + "}"));
}
