namespace PhantomSync.Tests.Specification;

/// <summary>
/// One ordering key on its way through the pipeline. Events are digits; strings give the state value equality.
/// </summary>
/// <param name="Written">How many events have been committed.</param>
/// <param name="Out">Per event: P waits in the outbox, S sent to a volatile broker and kept, D deleted.</param>
/// <param name="Owner">The relay whose connection holds the key's lane; -1 for none.</param>
/// <param name="One">What relay 0 has read and not finished; its first event is next.</param>
/// <param name="Two">The same of relay 1.</param>
/// <param name="OneAcked">Events relay 0 has had reported as stored in this cycle.</param>
/// <param name="TwoAcked">The same of relay 1.</param>
/// <param name="Flight">Per relay: the event it has handed over, or '-'.</param>
/// <param name="Log">The broker's log.</param>
/// <param name="Offset">The group's committed offset.</param>
/// <param name="Position">What the consumer has handled.</param>
/// <param name="Applied">Effects, in order.</param>
/// <param name="Inbox">Keys in the inbox.</param>
/// <param name="Epoch">Lives of the broker.</param>
/// <param name="Seen">The life the relays know of.</param>
/// <param name="Lost">How often a relay has lost its connection.</param>
internal sealed record PipelineState(
    int Written, string Out, int Owner, string One, string Two, string OneAcked, string TwoAcked, string Flight,
    string Log, int Offset, int Position, string Applied, string Inbox, int Epoch, int Seen, int Lost)
{
    public static PipelineState Start { get; } = new(0, "", 0, "", "", "", "", "--", "", 0, 0, "", "", 0, 0, 0);

    public string Batch(int relay) => relay == 0 ? One : Two;

    public string Acked(int relay) => relay == 0 ? OneAcked : TwoAcked;

    public PipelineState WithBatch(int relay, string batch, string acked) =>
        relay == 0 ? this with { One = batch, OneAcked = acked } : this with { Two = batch, TwoAcked = acked };

    public PipelineState WithFlight(int relay, char inFlight) => this with { Flight = Replace(Flight, relay, inFlight) };

    /// <summary>What waits in the outbox, in order.</summary>
    public string Pending => string.Concat(Out.Select((state, i) => state == 'P' ? $"{i}" : ""));

    public PipelineState Mark(string events, char state)
    {
        var marked = Out;
        foreach (var one in events)
            marked = Replace(marked, one - '0', state);
        return this with { Out = marked };
    }

    private static string Replace(string text, int at, char with) => string.Concat(text.AsSpan(0, at), [with], text.AsSpan(at + 1));
}
