using System.Diagnostics;
using System.Globalization;

namespace PhantomSync.Kafka;

/// <summary>
/// Named places at which a test makes the process die, throw or stall. Armed by the environment variable
/// <c>PHANTOM_FP</c> before the process starts: <c>relay.after_ack=kill@17;relay.before_produce=pause(200)</c>. The number
/// after @ is the hit that acts (every hit without one). Costs one field read where nothing is armed.
/// </summary>
public static class FailPoint
{
    private static readonly Lock Gate = new();
    private static Armed[] _points = Parse(Environment.GetEnvironmentVariable("PHANTOM_FP") ?? "");
    private static bool _armed = _points.Length > 0;

    /// <summary>Passes by the point <paramref name="name"/>, unless it is armed.</summary>
    public static void Hit(string name)
    {
        if (_armed)
            Act(name);
    }

    /// <summary>Arms the points of <paramref name="script"/> in place of those before; an empty one disarms all.</summary>
    /// <exception cref="FormatException">The script is not of the form <c>name=action[@hit][;…]</c>.</exception>
    public static void Arm(string script)
    {
        lock (Gate)
        {
            _points = Parse(script);
            _armed = _points.Length > 0;
        }
    }

    private static void Act(string name)
    {
        Armed? due = null;
        lock (Gate)
        {
            foreach (var point in _points)
            {
                if (point.Name == name && (++point.Hits == point.At || point.At == 0))
                    due = point;
            }
        }

        switch (due?.Action)
        {
            case "kill":
                using (var self = Process.GetCurrentProcess())
                    self.Kill();
                Thread.Sleep(Timeout.Infinite);
                break;
            case "throw":
                throw new FailPointException(name);
            case "pause":
                Thread.Sleep(due.Milliseconds);
                break;
        }
    }

    private static Armed[] Parse(string script) =>
        [.. script.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseOne)];

    private static Armed ParseOne(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new FormatException($"Fail point '{text}' is not of the form name=action[@hit].");
        var action = text[(equals + 1)..];
        var at = action.IndexOf('@', StringComparison.Ordinal);
        var hit = at < 0 ? 0 : int.Parse(action.AsSpan(at + 1), CultureInfo.InvariantCulture);
        if (at >= 0)
            action = action[..at];
        var milliseconds = 0;
        if (action.StartsWith("pause(", StringComparison.Ordinal) && action.EndsWith(')'))
            (milliseconds, action) = (int.Parse(action.AsSpan(6, action.Length - 7), CultureInfo.InvariantCulture), "pause");
        if (action is not ("kill" or "throw" or "pause"))
            throw new FormatException($"Fail point '{text}': the action is one of kill, throw, pause(ms).");
        return new Armed(text[..equals], action, hit, milliseconds);
    }

    private sealed record Armed(string Name, string Action, int At, int Milliseconds)
    {
        public int Hits { get; set; }
    }
}
