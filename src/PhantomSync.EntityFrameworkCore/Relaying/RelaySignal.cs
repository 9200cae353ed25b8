using System.Collections.Immutable;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>Wakes the relay of one outbox. Whoever commits an event calls <see cref="Set"/> after the commit.</summary>
internal sealed class RelaySignal
{
    private ImmutableArray<RelayAlarm> _alarms = [];

    /// <summary>Something has been committed. Cheap, never blocks, any thread.</summary>
    public void Set()
    {
        foreach (var alarm in _alarms)
            alarm.Ring();
    }

    public RelayAlarm Subscribe(TimeProvider time)
    {
        var alarm = new RelayAlarm(time, gone => ImmutableInterlocked.Update(ref _alarms, static (alarms, a) => alarms.Remove(a), gone));
        ImmutableInterlocked.Update(ref _alarms, static (alarms, a) => alarms.Add(a), alarm);
        return alarm;
    }
}
