using System.CommandLine;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Verbs;
using PhantomSync.Sagas.Queries;

namespace PhantomSync.Host.Sagas;

/// <summary><c>saga list</c>, <c>saga show</c>, <c>saga diagrams</c>.</summary>
internal static class SagaVerb
{
    /// <param name="addOptions">Adds the options that say where things are.</param>
    /// <param name="options">What they say.</param>
    /// <param name="guard">Runs a command and tells the caller's mistakes in one line.</param>
    public static Command Create(Action<Command> addOptions, Func<ParseResult, PlatformOptions> options, Func<Func<Task<int>>, Task<int>> guard)
    {
        return new Command("saga", "Shows where training jobs and suspensions stand.")
        {
            List(), Show(), Diagrams(),
        };

        Command List()
        {
            var saga = new Option<string?>("--saga") { Description = $"Only this saga's: {string.Join(" or ", SagaQueries.Names)}.", HelpName = "NAME" };
            var state = new Option<string?>("--state") { Description = "Only those in this state, such as Stalled.", HelpName = "S" };
            var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's.", HelpName = "T" };
            var limit = new Option<int>("--limit") { Description = "How many of each saga at most.", DefaultValueFactory = _ => 1000, HelpName = "N" };
            var json = new Option<bool>("--json") { Description = "Standard output is JSON." };
            saga.AcceptOnlyFromAmong([.. SagaQueries.Names]);
            state.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && !SagaQueries.States.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
                    result.AddError($"--state: there is no state '{token.Value}'. Give one of {string.Join(", ", SagaQueries.States)}.");
            });
            limit.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
                    result.AddError($"--limit is {value}; it must be at least 1.");
            });
            var command = new Verb("list", VerbEffect.Reads, "Lists the instances.") { saga, state, tenant, limit, json };
            return Run(command, (parsed, cancellationToken) => SagaCommands.ListAsync(
                options(parsed), new SagaFilter(parsed.GetValue(saga), parsed.GetValue(state), parsed.GetValue(tenant), parsed.GetValue(limit)), parsed.GetValue(json), cancellationToken));
        }

        Command Show()
        {
            var id = new Argument<string>("ID") { Description = "A job, a tenant, an instance's id, or the end of one as 'list' shows it." };
            var tenant = new Option<string?>("--tenant") { Description = "Whose, where several tenants have a job of that name.", HelpName = "T" };
            var json = new Option<bool>("--json") { Description = "Standard output is one JSON object." };
            var command = new Verb("show", VerbEffect.Reads, "Shows one instance: state, facts, time-outs, and the events that led there.") { id, tenant, json };
            return Run(command, (parsed, cancellationToken) => SagaCommands.ShowAsync(
                options(parsed), parsed.GetValue(id)!, parsed.GetValue(tenant), parsed.GetValue(json), cancellationToken));
        }

        Command Diagrams()
        {
            var folder = new Argument<string>("DIR") { Description = "Where the files go, such as docs." };
            var command = new Verb("diagrams", VerbEffect.None, "Draws the state machines into Mermaid files.") { folder };
            command.SetAction((parsed, cancellationToken) => guard(() => SagaCommands.DrawAsync(parsed.GetValue(folder)!, cancellationToken)));
            return command;
        }

        Command Run(Command command, Func<ParseResult, CancellationToken, Task<int>> run)
        {
            addOptions(command);
            command.SetAction((parsed, cancellationToken) => guard(() => run(parsed, cancellationToken)));
            return command;
        }
    }
}
