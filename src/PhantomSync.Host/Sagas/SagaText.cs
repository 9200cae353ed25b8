using System.Globalization;
using System.Text;
using PhantomSync.Sagas.Queries;

namespace PhantomSync.Host.Sagas;

/// <summary>Sagas for people. What comes from events is shown without control characters, so that it cannot steer the terminal.</summary>
internal static class SagaText
{
    public static string Line(SagaSummary saga) =>
        $"{saga.Id}  {saga.Saga,-18}  {Clean(saga.TenantId)}  {Clean(saga.Subject)}  {saga.State}  {Time(saga.Since)}  {Clean(saga.Note)}";

    public static string Full(SagaDetails saga)
    {
        var text = new StringBuilder()
            .AppendLine($"id                     {saga.Summary.Id}")
            .AppendLine($"saga                   {saga.Summary.Saga}")
            .AppendLine($"state                  {saga.Summary.State}");
        foreach (var (name, value) in saga.Facts)
            text.AppendLine($"{Clean(name).Replace('_', ' '),-22} {Clean(value)}");
        text.AppendLine().AppendLine("time-outs");
        foreach (var timeout in saga.Timeouts)
            text.AppendLine($"  {Time(timeout.DueAt)}  {timeout.Event}");
        if (saga.Timeouts.Count == 0)
            text.AppendLine("  none");
        text.AppendLine().AppendLine("events");
        foreach (var step in saga.History)
            text.AppendLine($"  {step.Sequence,3}  {Time(step.At)}  {step.Event,-24} {(step.From == step.To ? step.To : $"{step.From} -> {step.To}")}  {step.EventId}");
        return text.ToString();
    }

    private static string Time(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    private static string Clean(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsControl(from[i]) ? '\uFFFD' : from[i];
    });
}
