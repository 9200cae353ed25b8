using System.CommandLine;
using System.Globalization;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Verbs;

namespace PhantomSync.Host.Auditing;

/// <summary><c>audit verify</c>, <c>audit search</c>, <c>audit show</c>, <c>audit rebuild-index</c>, <c>audit erase</c>.</summary>
internal static class AuditVerb
{
    /// <param name="addOptions">Adds the options that say where things are.</param>
    /// <param name="options">What they say.</param>
    /// <param name="guard">Runs a command and tells the caller's mistakes in one line.</param>
    public static Command Create(Action<Command> addOptions, Func<ParseResult, PlatformOptions> options, Func<Func<Task<int>>, Task<int>> guard)
    {
        return new Command("audit", "Looks into the audit trail.")
        {
            Verify(), Search(), Show(), Rebuild(), Erase(),
        };

        Command Verify()
        {
            var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's trail.", HelpName = "T" };
            var by = OperatorOptions.By(required: true);
            var command = new Verb("verify", VerbEffect.ReadsAudit, "Recomputes the chains and compares them with the signed heads; exit code 1 where anything was changed.") { tenant, by };
            return Run(command, (parsed, cancellationToken) => AuditCommands.VerifyAsync(
                options(parsed), parsed.GetValue(tenant), OperatorOptions.Read(parsed.GetValue(by)), cancellationToken));
        }

        Command Search()
        {
            var tenant = new Option<string>("--tenant") { Description = "Whose trail.", Required = true, HelpName = "T" };
            var text = new Argument<string[]>("text") { Description = "Words that must all be there; \"some words\" in this order; wor* for what begins so.", Arity = ArgumentArity.ZeroOrMore };
            var user = new Option<string?>("--user") { Description = "Who did it." };
            var action = new Option<string?>("--action") { Description = "What was done, such as CREATE_MODEL." };
            var resourceType = new Option<string?>("--resource-type") { Description = "Such as ML_MODEL." };
            var resource = new Option<string?>("--resource") { Description = "The id of what it was done to." };
            var result = new Option<string?>("--result") { Description = "Such as Success or Failure." };
            var from = new Option<string?>("--from") { Description = "Done at this time (RFC 3339) or later.", HelpName = "TIME" };
            var to = new Option<string?>("--to") { Description = "Done before this time.", HelpName = "TIME" };
            var limit = new Option<int>("--limit") { Description = "Entries on the page.", DefaultValueFactory = _ => 50, HelpName = "N" };
            var after = new Option<string?>("--after") { Description = "The cursor that the page before ended with." };
            var json = new Option<bool>("--json") { Description = "One JSON object per entry." };
            var by = OperatorOptions.By(required: true);
            var command = new Verb("search", VerbEffect.ReadsAudit, "Finds entries, the newest first.") { text, tenant, user, action, resourceType, resource, result, from, to, limit, after, by, json };
            return Run(command, (parsed, cancellationToken) => AuditCommands.SearchAsync(
                options(parsed),
                new AuditQuery
                {
                    TenantId = parsed.GetValue(tenant)!,
                    Text = parsed.GetValue(text) is { Length: > 0 } words ? string.Join(' ', words) : null,
                    UserId = parsed.GetValue(user),
                    Action = parsed.GetValue(action),
                    ResourceType = parsed.GetValue(resourceType),
                    ResourceId = parsed.GetValue(resource),
                    Result = parsed.GetValue(result),
                    From = Time("--from", parsed.GetValue(from)),
                    To = Time("--to", parsed.GetValue(to)),
                    PageSize = parsed.GetValue(limit),
                    After = parsed.GetValue(after),
                },
                OperatorOptions.Read(parsed.GetValue(by)),
                parsed.GetValue(json),
                cancellationToken));
        }

        Command Show()
        {
            var id = new Argument<Guid>("ID") { Description = "The entry's id, or its event's." };
            var tenant = new Option<string>("--tenant") { Description = "Whose trail.", Required = true, HelpName = "T" };
            var by = OperatorOptions.By(required: true);
            var json = new Option<bool>("--json") { Description = "Standard output is one JSON object." };
            var command = new Verb("show", VerbEffect.ReadsAudit, "Shows one entry, and what became of its event at each service.") { id, tenant, by, json };
            return Run(command, (parsed, cancellationToken) => AuditCommands.ShowAsync(
                options(parsed), parsed.GetValue(tenant)!, parsed.GetValue(id), OperatorOptions.Read(parsed.GetValue(by)), parsed.GetValue(json), cancellationToken));
        }

        Command Rebuild()
        {
            var month = new Option<string?>("--month") { Description = "Only that month's index, such as 2026-03.", HelpName = "YYYY-MM" };
            var (by, reason) = (OperatorOptions.By(), OperatorOptions.Reason());
            month.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && !IsMonth(token.Value))
                    result.AddError($"--month: '{token.Value}' is not a month. Write 2026-03 for instance, or {IndexedEntry.Undated} for entries whose clock was wrong.");
            });
            var command = new Verb("rebuild-index", VerbEffect.Changes, "Makes the search index anew from the record of truth.") { month, by, reason };
            return Run(command, (parsed, cancellationToken) => AuditCommands.RebuildAsync(
                options(parsed), parsed.GetValue(month), OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(reason)), cancellationToken));
        }

        Command Erase()
        {
            var tenant = new Option<string>("--tenant") { Description = "Whose trail.", Required = true, HelpName = "T" };
            var entry = new Option<Guid>("--entry") { Description = "The entry's id.", Required = true, HelpName = "ID" };
            var (by, reason) = (OperatorOptions.By(required: true), OperatorOptions.Reason(required: true));
            var command = new Verb("erase", VerbEffect.Changes, "Erases an entry's actor and details for good; its chain still verifies.") { tenant, entry, by, reason };
            return Run(command, (parsed, cancellationToken) => AuditCommands.EraseAsync(
                options(parsed), parsed.GetValue(tenant)!, parsed.GetValue(entry), OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(reason)), cancellationToken));
        }

        Command Run(Command command, Func<ParseResult, CancellationToken, Task<int>> run)
        {
            addOptions(command);
            command.SetAction((parsed, cancellationToken) => guard(() => run(parsed, cancellationToken)));
            return command;
        }
    }

    private static bool IsMonth(string text) =>
        text == IndexedEntry.Undated || DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static Timestamp? Time(string option, string? text) => text is null
        ? null
        : Timestamp.TryParse(text, out var moment) ? moment : throw new UserErrorException($"{option}: '{text}' is not a time. Write 2026-03-01T00:00:00Z for instance.");
}
