namespace PhantomSync.Registry.Usage;

/// <summary>
/// Counts of values in buckets whose bounds grow by a constant factor, as in DDSketch: a quantile is off by at most
/// <see cref="RelativeError"/> of its value, and sketches are merged by adding their counts, in any order and grouping, with the
/// same result. Values up to 1e-9 count as zero. It is stored as the non-empty buckets only: each index as the distance to the one
/// before, each count, seven bits a byte.
/// </summary>
internal sealed class QuantileSketch
{
    public const double RelativeError = 0.03;

    private const double Gamma = (1 + RelativeError) / (1 - RelativeError);
    private static readonly double LogGamma = Math.Log(Gamma);

    /// <summary>The bucket of zero; all others lie above it.</summary>
    private static readonly int Zero = (int)Math.Floor(Math.Log(1e-9) / LogGamma);

    private const int Smallest = 16;

    private ulong[] _counts = [];
    private int _first;

    /// <summary>Counts a finite value that is not negative; a count stays at its largest value rather than wrap.</summary>
    public void Add(double value, ulong weight)
    {
        if (weight > 0)
            AddTo(value <= 1e-9 ? Zero : Math.Max(Zero + 1, (int)Math.Ceiling(Math.Log(value) / LogGamma)), weight);
    }

    public void Add(QuantileSketch other)
    {
        for (var i = 0; i < other._counts.Length; i++)
        {
            if (other._counts[i] > 0)
                AddTo(other._first + i, other._counts[i]);
        }
    }

    /// <summary>The value that the share <paramref name="quantile"/> of all values does not exceed; NaN where there are none.</summary>
    public double Quantile(double quantile)
    {
        var total = UInt128.Zero;
        foreach (var count in _counts)
            total += count;
        if (total == 0)
            return double.NaN;

        var rank = Math.Max(1, Math.Ceiling(quantile * (double)total));
        var passed = UInt128.Zero;
        var index = _first;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0)
                continue;
            passed += _counts[i];
            index = _first + i;
            if ((double)passed >= rank)
                break;
        }

        return index == Zero ? 0 : 2 * Math.Pow(Gamma, index) / (Gamma + 1);
    }

    public byte[] ToBytes()
    {
        var bytes = new List<byte>(_counts.Length * 3);
        var before = Zero;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0)
                continue;
            Write((ulong)(_first + i - before));
            Write(_counts[i]);
            before = _first + i;
        }

        return [.. bytes];

        void Write(ulong value)
        {
            for (; value > 0x7f; value >>= 7)
                bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
        }
    }

    public static QuantileSketch From(ReadOnlySpan<byte> bytes)
    {
        var sketch = new QuantileSketch();
        var index = Zero;
        while (bytes.Length > 0)
        {
            index += (int)Read(ref bytes);
            sketch.AddTo(index, Read(ref bytes));
        }

        return sketch;

        static ulong Read(ref ReadOnlySpan<byte> from)
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = from[0];
                from = from[1..];
                value |= (ulong)(next & 0x7f) << shift;
                if (next <= 0x7f)
                    return value;
            }
        }
    }

    private void AddTo(int index, ulong weight)
    {
        if (_counts.Length == 0)
            (_first, _counts) = (index, new ulong[1]);
        else if (index < _first || index >= _first + _counts.Length)
            Widen(Math.Min(index, _first), Math.Max(index + 1, _first + _counts.Length));
        ref var count = ref _counts[index - _first];
        count = ulong.MaxValue - count < weight ? ulong.MaxValue : count + weight;
    }

    /// <summary>Grows by as much as there is, on the side that is asked for: a sketch read bucket by bucket is not copied for each.</summary>
    private void Widen(int first, int end)
    {
        var room = Math.Max(_counts.Length, Smallest);
        if (first < _first)
            first = Math.Max(Math.Min(Zero, first), Math.Min(first, _first - room));
        else
            end = Math.Max(end, _first + _counts.Length + room);
        var wider = new ulong[end - first];
        _counts.CopyTo(wider, _first - first);
        (_first, _counts) = (first, wider);
    }
}
