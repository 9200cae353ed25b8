using System.CommandLine;
using PhantomSync.Analytics;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Verbs;

namespace PhantomSync.Host.Analytics;

/// <summary><c>analytics reconcile</c>, <c>analytics rebuild</c>, <c>analytics erase</c>.</summary>
internal static class AnalyticsVerb
{
    /// <param name="addOptions">Adds the options that say where things are.</param>
    /// <param name="options">What they say.</param>
    /// <param name="guard">Runs a command and tells the caller's mistakes in one line.</param>
    public static Command Create(Action<Command> addOptions, Func<ParseResult, PlatformOptions> options, Func<Func<Task<int>>, Task<int>> guard)
    {
        var from = new Option<string?>("--from") { Description = "Events of this time (RFC 3339) or later.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Events before this time.", HelpName = "TIME" };
        var json = new Option<bool>("--json") { Description = "Standard output is one JSON object." };
        var by = OperatorOptions.By();
        var why = OperatorOptions.Reason();
        return new Command("analytics", "Proves, mends and erases metrics.") { Reconcile(), Rebuild(), Erase() };

        Command Reconcile()
        {
            var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's metrics.", HelpName = "T" };
            var repair = new Option<bool>("--repair") { Description = "Write what is missing, and compare again." };
            return Run(
                new Verb("reconcile", VerbEffect.Changes, "Compares the metrics with Kafka's topics by table, tenant and hour. Exit code 1: they differ.") { tenant, from, to, repair, by, why, json },
                (parsed, desk, cancellationToken) => desk.ReconcileAsync(
                    Window(parsed), parsed.GetValue(tenant), parsed.GetValue(repair) ? By(parsed) : null, parsed.GetValue(json), cancellationToken));
        }

        Command Rebuild()
        {
            var fewer = new Option<bool>("--allow-fewer") { Description = "Also where the topics make fewer rows than there are." };
            return Run(
                new Verb("rebuild", VerbEffect.Changes, "Makes the tables anew from Kafka's topics, beside those in use, and swaps them.") { from, to, fewer, by, why, json },
                (parsed, desk, cancellationToken) => desk.RebuildAsync(Window(parsed), parsed.GetValue(fewer), By(parsed), parsed.GetValue(json), cancellationToken));
        }

        Command Erase()
        {
            var tenant = new Option<string>("--tenant") { Description = "Whose metrics.", Required = true, HelpName = "T" };
            var user = new Option<string?>("--user") { Description = "Only overwrite this user's name.", HelpName = "U" };
            var reason = OperatorOptions.Reason(required: true);
            return Run(
                new Verb("erase", VerbEffect.Changes, "Deletes a tenant's metrics, or overwrites a user's name in them, for good.") { tenant, user, by, reason, json },
                (parsed, desk, cancellationToken) => desk.EraseAsync(
                    parsed.GetValue(tenant)!, parsed.GetValue(user), OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(reason)), parsed.GetValue(json), cancellationToken));
        }

        Operator By(ParseResult parsed) => OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(why));

        TimeWindow Window(ParseResult parsed)
        {
            var (first, end) = (Time("--from", parsed.GetValue(from)), Time("--to", parsed.GetValue(to)));
            if (first >= end)
                throw new UserErrorException($"--to is {parsed.GetValue(to)}; it must be later than --from, {parsed.GetValue(from)}.");
            return new TimeWindow(first ?? DateTimeOffset.MinValue, end ?? DateTimeOffset.MaxValue);
        }

        Command Run(Command command, Func<ParseResult, AnalyticsDesk, CancellationToken, Task<int>> run)
        {
            addOptions(command);
            command.SetAction((parsed, cancellationToken) => guard(async () =>
            {
                await using var desk = AnalyticsDesk.Open(options(parsed));
                return await run(parsed, desk, cancellationToken);
            }));
            return command;
        }
    }

    private static DateTimeOffset? Time(string option, string? text) => text is null
        ? null
        : Timestamp.TryParse(text, out var moment) ? moment.ToDateTimeOffset() : throw new UserErrorException($"{option}: '{text}' is not a time. Write 2026-03-01T00:00:00Z for instance.");
}
