namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>Which topics wait after failures, and until when. Not thread-safe: each worker has its own.</summary>
internal sealed class TopicGates(TimeProvider time, TimeSpan backoffMin, TimeSpan backoffMax, Func<double> jitter)
{
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Topics that must not be sent to now.</summary>
    public string[] Closed() => _gates.Count == 0 ? [] : [.. _gates.Where(gate => !IsDue(gate.Value)).Select(gate => gate.Key)];

    /// <summary>Topics whose pause is over and of which a few events show whether they work again.</summary>
    public string[] Probed() => _gates.Count == 0 ? [] : [.. _gates.Where(gate => IsDue(gate.Value)).Select(gate => gate.Key)];

    /// <summary>Nothing that was sent to the topic was stored. Returns true the first time since it last worked.</summary>
    public bool Fail(string topic)
    {
        var failures = _gates.TryGetValue(topic, out var gate) ? gate.Failures + 1 : 1;
        var pause = Pause(failures, backoffMin, backoffMax, jitter());
        _gates[topic] = new Gate(failures, time.GetTimestamp(), pause);
        return failures == 1;
    }

    /// <summary>Something was stored in the topic. Returns true when it had failed before.</summary>
    public bool Succeed(string topic) => _gates.Count > 0 && _gates.Remove(topic);

    /// <summary>Doubles from <paramref name="min"/> to <paramref name="max"/>; between half and all of it, so that hosts spread out.</summary>
    public static TimeSpan Pause(int failures, TimeSpan min, TimeSpan max, double jitter)
    {
        var full = Math.Min(max.TotalMilliseconds, min.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * jitter)));
    }

    private bool IsDue(Gate gate) => time.GetElapsedTime(gate.Since) >= gate.Pause;

    private sealed record Gate(int Failures, long Since, TimeSpan Pause);
}
