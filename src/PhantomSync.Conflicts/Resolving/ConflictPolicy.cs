using System.Globalization;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>
/// What holds for the conflicts of a kind of resource, or of one tenant's resources of that kind. What is not set is as it is
/// for the kind, or for all.
/// </summary>
public sealed class ConflictPolicy
{
    private readonly ConflictPolicy? _parent;
    private ConflictStrategy? _strategy;
    private ConflictStrategy? _fallback;
    private TimeSpan? _maxClockSkew;
    private int? _remembered;
    private TimeSpan? _waitForMissing;

    internal ConflictPolicy(ConflictPolicy? parent) => _parent = parent;

    /// <summary>How it is decided. Default: the last write wins.</summary>
    public ConflictStrategy Strategy => _strategy ?? _parent?.Strategy ?? ConflictStrategy.LastWriteWins;

    /// <summary>What decides where <see cref="Strategy"/> cannot. Default: a person.</summary>
    public ConflictStrategy Fallback => _fallback ?? _parent?.Fallback ?? ConflictStrategy.ManualResolution;

    /// <summary>How far apart the clocks of two sources may be and still be believed. Default: 5 minutes.</summary>
    public TimeSpan MaxClockSkew => _maxClockSkew ?? _parent?.MaxClockSkew ?? TimeSpan.FromMinutes(5);

    /// <summary>How many changes of a resource are remembered with their values. Default: 100.</summary>
    public int Remembered => _remembered ?? _parent?.Remembered ?? 100;

    /// <summary>How long a change waits for the one that it was made to, before they are taken to be in conflict. Default: 30 seconds.</summary>
    public TimeSpan WaitForMissing => _waitForMissing ?? _parent?.WaitForMissing ?? TimeSpan.FromSeconds(30);

    /// <summary>Sets <see cref="Strategy"/>.</summary>
    public ConflictPolicy Use(ConflictStrategy strategy)
    {
        _strategy = strategy;
        return this;
    }

    /// <summary>Sets <see cref="Fallback"/>.</summary>
    public ConflictPolicy Otherwise(ConflictStrategy strategy)
    {
        _fallback = strategy;
        return this;
    }

    /// <summary>Sets <see cref="MaxClockSkew"/>.</summary>
    public ConflictPolicy BelieveClocksWithin(TimeSpan skew)
    {
        _maxClockSkew = skew;
        return this;
    }

    /// <summary>Sets <see cref="Remembered"/>.</summary>
    public ConflictPolicy Remember(int changes)
    {
        _remembered = changes;
        return this;
    }

    /// <summary>Sets <see cref="WaitForMissing"/>.</summary>
    public ConflictPolicy AwaitMissing(TimeSpan wait)
    {
        _waitForMissing = wait;
        return this;
    }

    /// <summary>All of it in one line, for <see cref="Read"/>.</summary>
    internal string Write() => string.Create(
        CultureInfo.InvariantCulture, $"{Strategy}|{Fallback}|{MaxClockSkew:c}|{Remembered}|{WaitForMissing:c}");

    internal static ConflictPolicy Read(string text)
    {
        var parts = text.Split('|');
        return new ConflictPolicy(null).Use(ConflictStrategy.Parse(parts[0])).Otherwise(ConflictStrategy.Parse(parts[1]))
            .BelieveClocksWithin(TimeSpan.ParseExact(parts[2], "c", CultureInfo.InvariantCulture))
            .Remember(int.Parse(parts[3], CultureInfo.InvariantCulture))
            .AwaitMissing(TimeSpan.ParseExact(parts[4], "c", CultureInfo.InvariantCulture));
    }

    /// <summary>What is wrong with it, for people.</summary>
    internal IEnumerable<string> Faults(IReadOnlySet<string> rules)
    {
        foreach (var name in Strategy.Rules.Concat(Fallback.Rules).Where(name => !rules.Contains(name)).Distinct(StringComparer.Ordinal))
            yield return $"there is no rule '{name}'. Register it with AddConflictRule<…>(); known are {string.Join(", ", rules.Order(StringComparer.Ordinal))}";
        foreach (var name in Strategy.Rules.Concat(Fallback.Rules).Where(name => name.AsSpan().IndexOfAny('+', '|') >= 0))
            yield return $"the rule '{name}' has a + or | in its name; labels separate rules with them";
        if (MaxClockSkew < TimeSpan.Zero)
            yield return $"BelieveClocksWithin({MaxClockSkew}): it must not be negative";
        if (Remembered is < 4 or > 10_000)
            yield return $"Remember({Remembered}): it must be from 4 to 10,000 changes";
        if (WaitForMissing < TimeSpan.Zero)
            yield return $"AwaitMissing({WaitForMissing}): it must not be negative";
    }
}
