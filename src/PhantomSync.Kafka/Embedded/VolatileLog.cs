using System.Collections.Concurrent;
using PhantomSync.Kafka.Health;

namespace PhantomSync.Kafka.Embedded;

/// <summary>
/// What is known of a broker that keeps its log in memory, drops what exceeds 5 MiB in a partition, and forgets all when its
/// process ends. Senders ask it for room and learn how far every consumer group has got; only then may they forget an event.
/// Thread-safe; one instance per process, shared by all outboxes and endpoints.
/// </summary>
public sealed class VolatileLog
{
    /// <summary>Unconsumed bytes in a partition from which on nothing more is sent to its topic.</summary>
    public const long HighWaterBytes = 2_500_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Topic, int Partition), PartitionState> _partitions = [];
    private readonly ConcurrentDictionary<string, string[]> _groupsByTopic = new(StringComparer.Ordinal);
    private int _incarnation;
    private int _lifeBegan;

    /// <summary>
    /// Grows when what was sent and not consumed must be sent again: because the broker has begun a new life, in which its log
    /// and its groups' offsets are gone, or because a consumer missed something.
    /// </summary>
    public int Incarnation => Volatile.Read(ref _incarnation);

    /// <summary>Raised after a group has moved on or the incarnation has changed; handlers must be quick.</summary>
    public event Action? Advanced;

    /// <summary>A consumer group will read <paramref name="topics"/>: nothing in them may be forgotten before it has.</summary>
    public void Register(string group, IEnumerable<string> topics)
    {
        foreach (var topic in topics)
            _groupsByTopic.AddOrUpdate(topic, _ => [group], (_, groups) => groups.Contains(group, StringComparer.Ordinal) ? groups : [.. groups, group]);
    }

    /// <summary>The broker has begun a new, empty life. What is reported of the one before is not heeded any more.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _lifeBegan = ++_incarnation;
            _partitions.Clear();
        }

        Advanced?.Invoke();
    }

    /// <summary>A consumer missed something: whatever is not known to be consumed must be sent again.</summary>
    public void Refeed()
    {
        // Under the lock: an increment lost to Reset would make the new life begin where the old one's senders already are.
        lock (_lock)
            _incarnation++;
        Advanced?.Invoke();
    }

    /// <summary>Whether a record may be sent to the topic without any consumer risking to lose one.</summary>
    public bool HasRoom(string topic)
    {
        lock (_lock)
        {
            foreach (var (at, state) in _partitions)
            {
                if (at.Topic == topic && state.UnconsumedBytes >= HighWaterBytes)
                    return false;
            }

            return true;
        }
    }

    /// <summary>A record of <paramref name="bytes"/> was stored, after it had been sent in <paramref name="incarnation"/>.</summary>
    public void Stored(string topic, int partition, long offset, int bytes, int incarnation)
    {
        lock (_lock)
        {
            if (incarnation >= _lifeBegan)
                State(topic, partition).Stored(offset, bytes, Groups(topic));
        }
    }

    /// <summary>The work of a group whose client was made in <paramref name="incarnation"/> on all records before <paramref name="nextOffset"/> is committed.</summary>
    public void Consumed(string group, string topic, int partition, long nextOffset, int incarnation)
    {
        lock (_lock)
        {
            if (incarnation < _lifeBegan)
                return;
            State(topic, partition).Consumed(group, nextOffset, Groups(topic));
        }

        Advanced?.Invoke();
    }

    /// <summary>The offset before which every group has consumed the partition; <see cref="long.MaxValue"/> where no group reads it.</summary>
    public long Floor(string topic, int partition)
    {
        var groups = Groups(topic);
        if (groups.Length == 0)
            return long.MaxValue;
        lock (_lock)
            return _partitions.TryGetValue((topic, partition), out var state) ? state.Floor(groups) : 0;
    }

    /// <summary>How far each group is behind in what this process has sent.</summary>
    internal IReadOnlyList<GroupLag> Lag()
    {
        lock (_lock)
        {
            return
            [
                .. _groupsByTopic.SelectMany(topic => topic.Value.Select(group => new GroupLag(
                    group, topic.Key, _partitions.Where(at => at.Key.Topic == topic.Key).Sum(at => at.Value.Behind(group))))),
            ];
        }
    }

    private string[] Groups(string topic) => _groupsByTopic.GetValueOrDefault(topic, []);

    private PartitionState State(string topic, int partition)
    {
        if (!_partitions.TryGetValue((topic, partition), out var state))
            _partitions.Add((topic, partition), state = new PartitionState());
        return state;
    }

    private sealed class PartitionState
    {
        private readonly SortedDictionary<long, int> _unconsumed = [];
        private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

        public long UnconsumedBytes { get; private set; }

        public void Stored(long offset, int bytes, string[] groups)
        {
            if (groups.Length > 0 && offset >= Floor(groups) && _unconsumed.TryAdd(offset, bytes))
                UnconsumedBytes += bytes;
        }

        public void Consumed(string group, long nextOffset, string[] groups)
        {
            if (_positions.GetValueOrDefault(group) >= nextOffset)
                return;
            _positions[group] = nextOffset;
            var floor = Floor(groups);
            while (_unconsumed.Count > 0 && _unconsumed.First() is var (offset, bytes) && offset < floor)
            {
                UnconsumedBytes -= bytes;
                _unconsumed.Remove(offset);
            }
        }

        public long Behind(string group)
        {
            var position = _positions.GetValueOrDefault(group);
            return _unconsumed.Keys.LongCount(offset => offset >= position);
        }

        public long Floor(string[] groups)
        {
            var floor = long.MaxValue;
            foreach (var group in groups)
                floor = Math.Min(floor, _positions.GetValueOrDefault(group));
            return floor;
        }
    }
}
