using System.CommandLine;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Verbs;

namespace PhantomSync.Host.Conflicts;

/// <summary><c>conflicts list</c>, <c>conflicts show</c>, <c>conflicts claim</c>, <c>conflicts resolve</c>.</summary>
internal static class ConflictVerb
{
    /// <param name="addOptions">Adds the options that say where things are.</param>
    /// <param name="options">What they say.</param>
    /// <param name="guard">Runs a command and tells the caller's mistakes in one line.</param>
    public static Command Create(Action<Command> addOptions, Func<ParseResult, PlatformOptions> options, Func<Func<Task<int>>, Task<int>> guard)
    {
        var id = new Argument<string>("ID") { Description = "The conflict's id, or its end, as 'list' shows it." };
        var json = new Option<bool>("--json") { Description = "Standard output is JSON." };
        return new Command("conflicts", "Shows and decides changes that contradict each other.") { List(), Show(), Claim(), Resolve() };

        Command List()
        {
            var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's.", HelpName = "T" };
            var all = new Option<bool>("--all") { Description = "Resolved ones too." };
            return Run(new Verb("list", VerbEffect.Reads, "Lists the conflicts that wait for a person.") { tenant, all, json }, (parsed, desk, cancellationToken) =>
                desk.ListAsync(parsed.GetValue(tenant), parsed.GetValue(all), parsed.GetValue(json), cancellationToken));
        }

        Command Show() => Run(new Verb("show", VerbEffect.Reads, "Shows one conflict, its changes side by side.") { id, json }, (parsed, desk, cancellationToken) =>
            desk.ShowAsync(parsed.GetValue(id)!, parsed.GetValue(json), cancellationToken));

        Command Claim()
        {
            var by = OperatorOptions.By(required: true);
            var minutes = new Option<int>("--minutes") { Description = "For how long.", DefaultValueFactory = _ => (int)ConflictQueue.DefaultLease.TotalMinutes, HelpName = "N" };
            return Run(new Verb("claim", VerbEffect.Changes, "Keeps others from resolving it for a while. Exit code 1: somebody else has it.") { id, by, minutes, json }, (parsed, desk, cancellationToken) =>
                desk.ClaimAsync(parsed.GetValue(id)!, OperatorOptions.Read(parsed.GetValue(by)), parsed.GetValue(minutes), parsed.GetValue(json), cancellationToken));
        }

        Command Resolve()
        {
            var choose = new Option<string?>("--choose") { Description = "This change wins; its id or the end of it.", HelpName = "CHANGE" };
            var merge = new Option<string?>("--merge") { Description = "For each field in dispute the change whose value counts: name=CHANGE,status=CHANGE.", HelpName = "FIELD=CHANGE,…" };
            var value = new Option<string?>("--value") { Description = "The values: {\"name\":\"x\"}, or the bare value where one field is in dispute.", HelpName = "JSON" };
            var (by, reason) = (OperatorOptions.By(required: true), OperatorOptions.Reason(required: true));
            return Run(
                new Verb("resolve", VerbEffect.Changes, "Decides a conflict. Exit code 1: somebody else has it, or was quicker.") { id, choose, merge, value, by, reason, json },
                (parsed, desk, cancellationToken) => desk.ResolveAsync(
                    parsed.GetValue(id)!,
                    new ResolveWords(parsed.GetValue(choose), parsed.GetValue(merge), parsed.GetValue(value), parsed.GetValue(by)!, parsed.GetValue(reason)!),
                    parsed.GetValue(json),
                    cancellationToken));
        }

        Command Run(Command command, Func<ParseResult, ConflictDesk, CancellationToken, Task<int>> run)
        {
            addOptions(command);
            command.SetAction((parsed, cancellationToken) => guard(async () =>
            {
                await using var desk = await ConflictDesk.OpenAsync(options(parsed), cancellationToken);
                return await run(parsed, desk, cancellationToken);
            }));
            return command;
        }
    }
}
