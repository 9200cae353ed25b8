namespace PhantomSync.Conflicts.Detecting;

/// <summary>Which of some numbered things lead to which others, over any number of steps.</summary>
internal sealed class Reach(int count)
{
    private readonly int _words = (count + 63) / 64;
    private readonly ulong[] _bits = new ulong[count * ((count + 63) / 64)];

    public void Add(int from, int to) => _bits[(from * _words) + (to >> 6)] |= 1UL << (to & 63);

    public bool Leads(int from, int to) => (_bits[(from * _words) + (to >> 6)] & (1UL << (to & 63))) != 0;

    /// <summary>Adds what follows over several steps.</summary>
    public void Close()
    {
        for (var middle = 0; middle < count; middle++)
        {
            var onward = _bits.AsSpan(middle * _words, _words);
            for (var from = 0; from < count; from++)
            {
                if (from == middle || !Leads(from, middle))
                    continue;
                var reached = _bits.AsSpan(from * _words, _words);
                for (var word = 0; word < reached.Length; word++)
                    reached[word] |= onward[word];
            }
        }
    }
}
