using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Keeps one event the way most handlers are written: find the row, change it or add it.</summary>
internal sealed class KeepOne(BenchContext context) : IConsumer<InferenceCompleted>
{
    public async Task Consume(ConsumeContext<InferenceCompleted> consumed)
    {
        var e = consumed.Message;
        if (await context.Effects.FindAsync([e.InferenceId], consumed.CancellationToken) is { } known)
        {
            known.Confidence = e.Confidence;
            known.InferenceTimeMs = (long)e.InferenceTimeMs;
            known.Seen++;
        }
        else
        {
            context.Effects.Add(new Effect
            {
                InferenceId = e.InferenceId,
                TenantId = e.TenantId,
                ModelId = e.ModelId,
                Confidence = e.Confidence,
                InferenceTimeMs = (long)e.InferenceTimeMs,
                Seen = 1,
            });
        }

        context.Handled.Add(e.InferenceId);
    }
}
