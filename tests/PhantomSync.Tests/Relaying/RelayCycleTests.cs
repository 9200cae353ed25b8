using System.Text;
using CsCheck;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Relaying;

public sealed class RelayCycleTests
{
    /// <summary>
    /// Reports come in any order, fail, or get lost although the record is in the log. Rows that are not reported as stored
    /// stay and go into the next cycle.
    /// </summary>
    [Fact, Trait("row", "S8.06")]
    public void Whatever_the_reports_say_the_first_occurrences_of_a_key_are_complete_and_in_order() =>
        Gen.Select(Gen.Int[1, 5].SelectMany(keys => Gen.Int[0, keys - 1].Array[1, 40]), Gen.Int[0, 9].Array[1, 200], Gen.Int).Sample((keys, verdicts, seed) =>
        {
            var waiting = keys.Select((key, i) => Row(key, i)).ToList();
            var sender = new Scripted(verdicts, new Random(seed));
            for (var cycles = 0; waiting.Count > 0; cycles++)
            {
                if (cycles == 2_000)
                    return false;
                var cycle = new RelayCycle(waiting, sender, null, 0, TimeProvider.System, TimeSpan.FromHours(1), 1_000);
                cycle.Start();
                sender.ReportAll();
                if (!cycle.Done.IsCompletedSuccessfully)
                    return false;
                waiting = [.. waiting.Where((_, i) => !cycle.IsStored(i))];
            }

            var applied = sender.Log.Distinct().ToList();
            return applied.Count == keys.Length
                && applied.GroupBy(i => keys[i]).All(key => key.SequenceEqual(key.Order()));
        });

    private static OutboxRow Row(int key, int number) =>
        new(number, Guid.CreateVersion7(), 0, key, "t", [(byte)key], Encoding.UTF8.GetBytes($"{number}"), null, 1);

    private sealed class Scripted(int[] verdicts, Random random) : IRecordSender
    {
        private readonly List<(IDeliveryReceiver Receiver, int Token, Delivery Delivery)> _reports = [];
        private int _next;

        public List<int> Log { get; } = [];

        public void Send(in OutgoingRecord record, IDeliveryReceiver receiver, int token)
        {
            // The script ends in success, so that every run ends.
            var verdict = _next < verdicts.Length ? verdicts[_next++] : 9;
            if (verdict >= 2)
                Log.Add(int.Parse(Encoding.UTF8.GetString(record.Body)));
            _reports.Add((receiver, token, verdict switch
            {
                0 => Delivery.Failed(DeliveryOutcome.Retriable, "no"),
                1 or 2 => Delivery.Failed(DeliveryOutcome.Unknown, "perhaps"),
                3 => Delivery.Failed(DeliveryOutcome.Denied, "in the log all the same"),
                _ => Delivery.Stored(0, Log.Count),
            }));
        }

        public void ReportAll()
        {
            while (_reports.Count > 0)
            {
                var at = random.Next(_reports.Count);
                var (receiver, token, delivery) = _reports[at];
                _reports.RemoveAt(at);
                receiver.Delivered(token, delivery);
            }
        }
    }
}
