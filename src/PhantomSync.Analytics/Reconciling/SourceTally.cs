using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.Reconciling;

/// <summary>Adds up rows as the stores do; a row that comes again counts once. It remembers eight bytes of each.</summary>
internal sealed class SourceTally(TimeWindow window, string? tenant, ErasureList erasures) : IMetricsSink
{
    private readonly Dictionary<MetricsSlice, HashSet<ulong>> _slices = [];

    /// <summary>A job counts once, at its latest report.</summary>
    private readonly Dictionary<(string Tenant, string Compared), DateTime> _runs = [];

    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow
    {
        foreach (var row in erasures.Apply(rows))
        {
            if (tenant is not null && row.TenantId != tenant)
                continue;
            if (row is TrainingRunRow)
                Keep((row.TenantId, row.Compared), row.Timestamp);
            else if (IsInside(row.Timestamp))
                Add(_slices, SliceOf<TRow>(row.TenantId, row.Timestamp), row.Timestamp, row.Compared);
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes what another one has.</summary>
    public void UnionWith(SourceTally other)
    {
        foreach (var (slice, rows) in other._slices)
        {
            if (!_slices.TryAdd(slice, rows))
                _slices[slice].UnionWith(rows);
        }

        foreach (var (run, at) in other._runs)
            Keep(run, at);
    }

    public Dictionary<MetricsSlice, SliceSum> Sums()
    {
        var runs = new Dictionary<MetricsSlice, HashSet<ulong>>();
        foreach (var ((tenantId, compared), at) in _runs.Where(run => IsInside(run.Value)))
            Add(runs, SliceOf<TrainingRunRow>(tenantId, at), at, compared);
        return _slices.Concat(runs).ToDictionary(slice => slice.Key, slice => new SliceSum(slice.Value.Count, slice.Value.Aggregate(0ul, (sum, row) => unchecked(sum + row))));
    }

    internal static MetricsSlice SliceOf<TRow>(string tenantId, DateTime at)
        where TRow : class, IMetricRow => new(TRow.Table, tenantId, new DateTime(at.Ticks - (at.Ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc));

    private void Keep((string Tenant, string Compared) run, DateTime at)
    {
        ref var latest = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, run, out var known);
        if (!known || latest < at)
            latest = at;
    }

    private bool IsInside(DateTime at) => at >= window.FirstUtc && at < window.EndUtc;

    private static void Add(Dictionary<MetricsSlice, HashSet<ulong>> slices, MetricsSlice slice, DateTime at, string compared)
    {
        var micros = (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{micros}|{compared}")), hash);
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(slices, slice, out _);
        (rows ??= []).Add(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}
