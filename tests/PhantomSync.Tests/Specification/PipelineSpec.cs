using CsCheck;

namespace PhantomSync.Tests.Specification;

/// <summary>
/// The pipeline as a state machine small enough to be searched completely: two relays, of which the one whose connection owns
/// the lane reads and deletes and the other may be a stale host that does not know yet; one unacknowledged event per key; a
/// broker that may forget everything; a consumer whose inbox and effect are one transaction.
/// </summary>
internal static class PipelineSpec
{
    public static Spec<PipelineState> Create(bool volatileBroker, int events, int maxLog, bool refeed = true, bool stopChainOnFailure = true, int connectionLosses = 1)
    {
        var spec = Spec.From(PipelineState.Start).Print(s => s.ToString());
        spec.Action("Commit", s => s.Written < events, s => s with { Written = s.Written + 1, Out = s.Out + "P" });
        foreach (var relay in (int[])[0, 1])
        {
            // Reading and deleting go over the connection that owns the lane. Sending does not: a stale relay may still send.
            spec.Action($"Read{relay}", s => s.Owner == relay && s.Batch(relay) == "" && s.Acked(relay) == "" && s.Flight[relay] == '-' && s.Pending != "" && s.Seen == s.Epoch,
                s => s.WithBatch(relay, s.Pending, ""));
            spec.Action($"Send{relay}", s => s.Batch(relay) != "" && s.Flight[relay] == '-' && s.Seen == s.Epoch,
                s => (s with { Log = s.Log + s.Batch(relay)[0] }).WithFlight(relay, s.Batch(relay)[0]));
            spec.Action($"Stored{relay}", s => s.Flight[relay] != '-',
                s => s.WithBatch(relay, s.Batch(relay)[1..], s.Acked(relay) + s.Flight[relay]).WithFlight(relay, '-'));
            // The report is lost: the event may be in the log. The chain ends, or the faulty relay goes on with the next one.
            spec.Action($"Unknown{relay}", s => s.Flight[relay] != '-',
                s => s.WithBatch(relay, stopChainOnFailure ? "" : s.Batch(relay)[1..], s.Acked(relay)).WithFlight(relay, '-'));
            // The record never arrived.
            spec.Action($"Failed{relay}", s => s.Flight[relay] != '-' && s.Log.Length > s.Position && s.Log[^1] == s.Flight[relay],
                s => (s with { Log = s.Log[..^1] }).WithBatch(relay, stopChainOnFailure ? "" : s.Batch(relay)[1..], s.Acked(relay)).WithFlight(relay, '-'));
            spec.Action($"Settle{relay}", s => s.Owner == relay && s.Acked(relay) != "" && s.Batch(relay) == "" && s.Flight[relay] == '-' && s.Seen == s.Epoch,
                s => s.Mark(s.Acked(relay), volatileBroker ? 'S' : 'D').WithBatch(relay, "", ""));
            // The connection ends (killed, cut, evicted as frozen): the other relay owns the lane at once; this one does not
            // know and goes on sending what it has read, until it tries to delete.
            spec.Action($"Lose{relay}", s => s.Owner == relay && s.Lost < connectionLosses, s => s with { Owner = 1 - relay, Lost = s.Lost + 1 });
            spec.Action($"Notice{relay}", s => s.Owner != relay && s.Flight[relay] == '-' && (s.Batch(relay) != "" || s.Acked(relay) != ""),
                s => s.WithBatch(relay, "", ""));
        }

        spec.Action("Consume", s => s.Position < s.Log.Length, s =>
        {
            var one = s.Log[s.Position];
            return s.Inbox.Contains(one, StringComparison.Ordinal)
                ? s with { Position = s.Position + 1 }
                : s with { Position = s.Position + 1, Applied = s.Applied + one, Inbox = s.Inbox + one };
        });
        spec.Action("CommitOffset", s => s.Offset < s.Position, s => s with { Offset = s.Position });
        spec.Action("ConsumerDies", s => s.Offset != s.Position, s => s with { Position = s.Offset });
        if (volatileBroker)
        {
            spec.Action("Forget", s => s.Out.Contains('S') && s.Offset == s.Log.Length, s => s.Mark(string.Concat(s.Out.Select((state, i) => state == 'S' && s.Inbox.Contains((char)('0' + i)) ? $"{i}" : "")), 'D'));
            // What is in flight dies with the broker: a sender carries nothing over into its next life.
            spec.Action("BrokerDies", s => s.Epoch < 1, s => s with { Log = "", Offset = 0, Position = 0, Epoch = s.Epoch + 1, One = "", Two = "", OneAcked = "", TwoAcked = "", Flight = "--" });
            spec.Action("SeeNewLife", s => s.Seen != s.Epoch, s => s with { Seen = s.Epoch, Out = refeed ? s.Out.Replace('S', 'P') : s.Out });
        }

        return spec
            .Boundary(s => s.Log.Length <= maxLog)
            .Terminal(s => s.Written == events)
            .Invariant("ONCE", "no event is applied twice", s => s.Applied.Distinct().Count() == s.Applied.Length)
            .Invariant("ORDER", "effects come in commit order", s => s.Applied.Select((one, i) => one - '0' == i).All(right => right))
            .Invariant("NOLOSS", "at rest everything committed is applied", s => !IsAtRest(s) || s.Applied.Length == s.Written)
            .Invariant("PHANTOM", "nothing is applied that was not committed", s => s.Applied.All(one => one - '0' < s.Written))
            .Reachable("DUPLICATE", "a duplicate really enters the log", s => s.Log.Distinct().Count() < s.Log.Length)
            .Reachable("STALE", "a stale relay really sends", s => s.Owner == 1 && s.Flight[0] != '-')
            .Reachable("ALL", "all events are applied", s => s.Applied.Length == events);
    }

    public static Spec<PipelineState> WithFaults(Spec<PipelineState> spec) => spec
        .Fault("the offset is committed before the effect", "CommitOffset", (_, after) => after with { Offset = after.Log.Length, Position = after.Log.Length })
        .Fault("an event is reported as stored although nothing reached the log", "Send0", (before, after) => after with { Log = before.Log })
        .Fault("the effect is not in one transaction with the inbox", "Consume", (_, after) => after with { Inbox = "" })
        .Fault("the inbox is pruned too early", "CommitOffset", (_, after) => after with { Inbox = "" })
        .Fault("a relay skips the head of a key", "Read0", (before, after) => after.One.Length > 1 ? after with { One = after.One[1..] } : after)
        .Fault("a poisoned event is skipped silently", "Consume", (before, after) => after.Applied != before.Applied && after.Applied.EndsWith('1') ? after with { Applied = before.Applied } : after)
        .Fault("an unreported event is deleted", "Unknown0", (before, after) => before.Log.EndsWith(before.Flight[0]) && before.Position < before.Log.Length ? (after with { Log = before.Log[..^1] }).Mark($"{before.Flight[0]}", 'D') : after)
        .Fault("a relay settles what it was never told of", "Settle0", (before, after) => after.Mark(after.Pending, 'D'))
        .Fault("the log forgets its unread head", "Send0", (_, after) => after.Log.Length >= 2 && after.Position == 0 ? after with { Position = 1 } : after);

    private static bool IsAtRest(PipelineState s) =>
        s.Seen == s.Epoch && s.Pending == "" && s.One + s.Two + s.OneAcked + s.TwoAcked == "" && s.Flight == "--" && s.Position == s.Log.Length;
}
