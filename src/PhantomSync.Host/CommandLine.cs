using System.CommandLine;
using System.CommandLine.Parsing;
using PhantomSync.Host.Analytics;
using PhantomSync.Host.Auditing;
using PhantomSync.Host.Conflicts;
using PhantomSync.Host.DeadLetters;
using PhantomSync.Host.Demo;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Publishing;
using PhantomSync.Host.Running;
using PhantomSync.Host.Sagas;
using PhantomSync.Host.Verbs;

namespace PhantomSync.Host;

/// <summary>The verbs and their options.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the embedded databases.",
        DefaultValueFactory = _ => PlatformOptions.DefaultDataDirectory,
        HelpName = "DIR",
    };

    private static readonly Option<string?> Postgres = new("--postgres") { Description = "Keep state in PostgreSQL instead.", HelpName = "CONNECTION" };

    private static readonly Option<string?> Kafka = new("--kafka") { Description = "Use these brokers (host:port, …) instead of the embedded one.", HelpName = "BOOTSTRAP" };

    private static readonly Option<string?> Elasticsearch = new("--elasticsearch") { Description = "Index the audit trail there (addresses, with commas between) instead of in the embedded index.", HelpName = "URL" };

    private static readonly Option<int?> BrokerPort = new("--broker-port") { Description = "A fixed port on 127.0.0.1 for the embedded broker.", HelpName = "PORT" };

    private static readonly Option<string?> ClickHouse = new("--clickhouse") { Description = "Keep metrics in ClickHouse. Without it: in DuckDB, or not at all beside --postgres.", HelpName = "URL" };

    private static readonly Option<LogLevel> Log = new("--log") { Description = "What the log on standard error shows.", DefaultValueFactory = _ => LogLevel.Error, HelpName = "LEVEL" };

    private static readonly Option<string[]> ConflictStrategies = new("--conflict-strategy") { Description = "How conflicts are decided, such as ML_MODEL=ManualResolution or ML_MODEL@acme=FirstWriteWins; may be repeated. Without it: LastWriteWins.", HelpName = "TYPE[@TENANT]=STRATEGY" };

    private static readonly Option<string[]> Training = new("--suspended-training") { Description = "What becomes of running training when its tenant is suspended: cancel, pause or finish; gold=pause is for a tier. May be repeated. Without it: cancel.", HelpName = "[TIER=]POLICY" };

    private static readonly Option<UnknownTenants> Unknown = new("--unknown-tenants")
    {
        Description = "What becomes of events of tenants that were never heard of: they are handled (pass), or wait for the tenant's own events (hold).",
        DefaultValueFactory = _ => UnknownTenants.Pass,
        CustomParser = ParseUnknownTenants,
        HelpName = "pass|hold",
    };

    /// <summary>A little more than the host's own limit, so that what is in hand is finished.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopLimit });
        return parsed.Errors.Count > 0 ? 2 : code;
    }

    public static RootCommand Create() => new("PhantomSync keeps the services of a machine-learning platform in step.")
    {
        DemoVerb(), RunVerb(), HealthVerb(), PublishVerb(), DeadLettersVerb(),
        AuditVerb.Create(AddPlatformOptions, PlatformOptionsOf, GuardAsync),
        ConflictVerb.Create(AddPlatformOptions, PlatformOptionsOf, GuardAsync),
        SagaVerb.Create(AddPlatformOptions, PlatformOptionsOf, GuardAsync),
        AnalyticsVerb.Create(AddPlatformOptions, PlatformOptionsOf, GuardAsync),
    };

    private static Verb DemoVerb()
    {
        var events = new Option<int>("--events") { Description = "Events to publish.", DefaultValueFactory = _ => 2_000, HelpName = "N" };
        var rate = new Option<int>("--rate") { Description = "Events per second; 0: as fast as it goes.", DefaultValueFactory = _ => 0, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "The same seed tells the same story.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Standard output is one JSON object." };
        var stats = new Option<string?>("--stats") { Description = "Append the counters to this file ten times a second, a JSON object per line.", HelpName = "FILE" };
        AtLeastZero(events);
        AtLeastZero(rate);
        var command = new Verb("demo", VerbEffect.Runs, "Runs a simulated platform and proves that every event was applied once and in order.") { events, rate, seed, json, stats };
        AddPlatformOptions(command);
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => DemoCommand.RunAsync(
            new DemoOptions(parsed.GetValue(events), parsed.GetValue(rate), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(stats)),
            PlatformOptionsOf(parsed),
            parsed.GetValue(Log),
            cancellationToken)));
        return command;
    }

    private static Verb RunVerb()
    {
        var urls = new Option<string>("--urls") { Description = "Where health and metrics are served.", DefaultValueFactory = _ => "http://localhost:8080", HelpName = "URL" };
        var command = new Verb("run", VerbEffect.Runs, "Runs the services until stopped.") { urls };
        AddPlatformOptions(command);
        command.SetAction((parsed, cancellationToken) => GuardAsync(() =>
            RunCommand.RunAsync(PlatformOptionsOf(parsed), parsed.GetValue(Log), parsed.GetValue(urls)!, cancellationToken)));
        return command;
    }

    private static Verb HealthVerb()
    {
        var url = new Argument<string>("url") { Description = "The health address of a running host.", DefaultValueFactory = _ => "http://localhost:8080/health/ready" };
        var command = new Verb("health", VerbEffect.None, "Asks a running host how it is; exit code 0 where it is well.") { url };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => HealthCommand.RunAsync(parsed.GetValue(url)!, cancellationToken)));
        return command;
    }

    private static Verb PublishVerb()
    {
        var file = new Argument<string>("FILE") { Description = "One record per line: {\"event_type\":…,\"data\":{…}}. - reads standard input." };
        var json = new Option<bool>("--json") { Description = "Standard output is one JSON object." };
        var (by, why) = (OperatorOptions.By(), OperatorOptions.Reason());
        var command = new Verb("publish", VerbEffect.Changes, "Publishes records that another platform's service has written. Exit code 1: some lines are bad.") { file, json, by, why };
        AddPlatformOptions(command);
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => PublishCommand.RunAsync(
            new PublishOptions(parsed.GetValue(file)!, parsed.GetValue(json), OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(why))),
            PlatformOptionsOf(parsed),
            parsed.GetValue(Log),
            cancellationToken)));
        return command;
    }

    private static Command DeadLettersVerb()
    {
        var id = new Argument<string>("ID") { Description = "The letter's id, or its end, as 'list' shows it." };
        var command = new Command("dead-letters", "Shows and mends what the services could not handle.");

        var service = new Option<string?>("--service") { Description = "Only this service's letters.", HelpName = "NAME" };
        var closed = new Option<bool>("--closed") { Description = "Replayed and discarded letters too." };
        var json = new Option<bool>("--json") { Description = "Standard output is JSON." };
        Add(new Verb("list", VerbEffect.Reads, "Lists the letters that wait.") { service, closed, json }, (parsed, desk, _) =>
            desk.ListAsync(parsed.GetValue(service), parsed.GetValue(closed), parsed.GetValue(json)));

        Add(new Verb("show", VerbEffect.Reads, "Shows one letter: headers, body, exception.") { id }, (parsed, desk, _) => desk.ShowAsync(parsed.GetValue(id)!));

        var (by, why) = (OperatorOptions.By(), OperatorOptions.Reason());
        var one = new Argument<string?>("ID") { Description = "The letter's id, or its end.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every letter that waits." };
        var replay = new Verb("replay", VerbEffect.Changes, "Handles a letter again, and then those that are parked behind it, in order.") { one, all, by, why };
        replay.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(one) is not null)
                result.AddError("Give the id of a letter, or --all.");
        });
        Add(replay, (parsed, desk, cancellationToken) => desk.ReplayAsync(parsed.GetValue(one), OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(why)), cancellationToken));

        var reason = new Option<string>("--reason") { Description = "Why; it is kept with the letter, and audited.", Required = true, HelpName = "TEXT" };
        Add(new Verb("discard", VerbEffect.Changes, "Gives a letter up; those parked behind it are handled.") { id, reason, by }, (parsed, desk, cancellationToken) =>
            desk.DiscardAsync(parsed.GetValue(id)!, OperatorOptions.Read(parsed.GetValue(by), parsed.GetValue(reason)), cancellationToken));
        return command;

        void Add(Command verb, Func<ParseResult, LetterDesk, CancellationToken, Task<int>> action)
        {
            AddPlatformOptions(verb);
            verb.SetAction((parsed, cancellationToken) => GuardAsync(async () =>
            {
                await using var desk = await LetterDesk.OpenAsync(PlatformOptionsOf(parsed), parsed.GetValue(Log), cancellationToken);
                return await action(parsed, desk, cancellationToken);
            }));
            command.Subcommands.Add(verb);
        }
    }

    private static void AddPlatformOptions(Command command)
    {
        command.Options.Add(Data);
        command.Options.Add(Postgres);
        command.Options.Add(Kafka);
        command.Options.Add(Elasticsearch);
        command.Options.Add(BrokerPort);
        command.Options.Add(ClickHouse);
        command.Options.Add(ConflictStrategies);
        command.Options.Add(Unknown);
        command.Options.Add(Training);
        command.Options.Add(Log);
    }

    private static PlatformOptions PlatformOptionsOf(ParseResult parsed) =>
        new(Path.GetFullPath(parsed.GetValue(Data)!), parsed.GetValue(Postgres), parsed.GetValue(Kafka), parsed.GetValue(BrokerPort), parsed.GetValue(ClickHouse)) { Elasticsearch = parsed.GetValue(Elasticsearch), ConflictStrategies = parsed.GetValue(ConflictStrategies) ?? [], UnknownTenants = parsed.GetValue(Unknown), SuspendedTraining = parsed.GetValue(Training) ?? [] };

    private static UnknownTenants ParseUnknownTenants(ArgumentResult result)
    {
        switch (result.Tokens[^1].Value.ToLowerInvariant())
        {
            case "pass":
                return UnknownTenants.Pass;
            case "hold":
                return UnknownTenants.Hold;
            default:
                result.AddError($"--unknown-tenants is '{result.Tokens[^1].Value}'; it must be pass or hold.");
                return default;
        }
    }

    private static void AtLeastZero(Option<int> option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && value < 0)
            result.AddError($"{option.Name} is {value}; it cannot be negative.");
    });

    /// <summary>What the caller can put right is said in one line.</summary>
    private static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (UserErrorException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
