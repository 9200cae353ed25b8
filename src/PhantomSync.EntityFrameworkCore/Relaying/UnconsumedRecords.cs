using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>Rows that a volatile broker has stored and that some consumer group has not consumed yet.</summary>
internal sealed class UnconsumedRecords
{
    private readonly Dictionary<(string Topic, int Partition), SortedDictionary<long, OutboxRowRef>> _partitions = [];

    public int Count { get; private set; }

    public void Add(string topic, int partition, long offset, in OutboxRow row)
    {
        if (!_partitions.TryGetValue((topic, partition), out var rows))
            _partitions[(topic, partition)] = rows = [];
        if (rows.TryAdd(offset, new OutboxRowRef(row.Position, row.Id, row.Lane)))
            Count++;
    }

    /// <summary>Takes out what every group has consumed.</summary>
    public List<OutboxRowRef> TakeConsumed(VolatileLog log)
    {
        var consumed = new List<OutboxRowRef>();
        foreach (var ((topic, partition), rows) in _partitions)
        {
            if (rows.Count == 0)
                continue;
            var floor = log.Floor(topic, partition);
            foreach (var (offset, row) in rows.TakeWhile(row => row.Key < floor).ToList())
            {
                rows.Remove(offset);
                consumed.Add(row);
            }
        }

        Count -= consumed.Count;
        return consumed;
    }

    /// <summary>Forgets the lanes: who owns them now sends their rows again.</summary>
    public void DropLanes(short[] lanes)
    {
        foreach (var rows in _partitions.Values)
        {
            foreach (var (offset, _) in rows.Where(row => lanes.Contains(row.Value.Lane)).ToList())
            {
                rows.Remove(offset);
                Count--;
            }
        }
    }

    public void Clear()
    {
        _partitions.Clear();
        Count = 0;
    }
}
