using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Registry.Tenants;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Tests.Registry;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Tests.Sagas.Tenants;

/// <summary>
/// One tenant, the suspension saga and the four services, each by its own rules, and the topics between them as queues. Whoever
/// holds it decides what is delivered next; what is delivered is also delivered again.
/// </summary>
internal sealed class CascadeWorld
{
    public const string Tenant = "acme";

    public static readonly TenantSuspensionOptions Options = new() { ReplyWithin = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(5), FlagAfter = 3 };

    private readonly List<ISyncEvent> _log;
    private readonly Dictionary<string, Queue<ISyncEvent>> _commands = CascadeService.All.ToDictionary(service => service, _ => new Queue<ISyncEvent>());
    private readonly Dictionary<string, Queue<ISyncEvent>> _replies = CascadeService.All.ToDictionary(service => service, _ => new Queue<ISyncEvent>());
    private readonly List<ISyncEvent> _heard = [];
    private readonly Dictionary<string, WorkloadStanding> _workloads = CascadeService.All.ToDictionary(service => service, service => new WorkloadStanding { Service = service, TenantId = Tenant });
    private int _sagaRead, _registryRead;
    private CascadeReplyOverdue? _reminder;

    public CascadeWorld(IEnumerable<ISyncEvent> log) => _log = [.. log];

    public TenantSuspensionState Saga { get; } = new();

    public TenantStanding Models { get; } = new() { TenantId = Tenant };

    /// <summary>What the saga said, without its commands.</summary>
    public List<ISyncEvent> Outcomes { get; } = [];

    public List<ITenantCommand> Commands { get; } = [];

    public HashSet<(string From, string Event, string To)> Arrows { get; } = [];

    public static TenantSuspended Suspend() => Say.Suspended(Tenant);

    public static TenantUpdated Resume() => Say.Resumed(Tenant);

    /// <summary>How far a service has followed.</summary>
    public CascadePosition PositionOf(string service) => service == CascadeService.Models
        ? new(Math.Max(Models.LogStep, Models.CommandStep))
        : new(_workloads[service].Step);

    public bool IsSuspended(string service) => service == CascadeService.Models ? Models.IsSuspended : _workloads[service].IsSuspended;

    /// <summary>Delivers one thing; which, <paramref name="choice"/> says. Nothing happens where there is nothing to deliver.</summary>
    public void Step(uint choice)
    {
        var service = CascadeService.All[(int)(choice / 16 % 4)];
        switch (choice % 16)
        {
            case 0 or 1:
                ReadLog();
                break;
            case 2:
                ReadRegistryLog();
                break;
            case 3 or 4 or 5 or 6 or 7:
                HandleCommand(service);
                break;
            case 8 or 9 or 10 or 11:
                HandleReply(service);
                break;
            case 12:
                Remind();
                break;
            case 13 when _heard.Count > 0:
                Tell(_heard[(int)(choice / 64 % _heard.Count)]);
                break;
            case 14 when Commands.Count > 0:
                Answer(Commands[(int)(choice / 64 % Commands.Count)]);
                break;
        }
    }

    /// <summary>Delivers whatever is under way, until nothing is.</summary>
    public void Settle()
    {
        while (ReadLog() | ReadRegistryLog() | CascadeService.All.Select(HandleCommand).ToList().Contains(true) | CascadeService.All.Select(HandleReply).ToList().Contains(true))
        {
        }
    }

    /// <summary>The reminder falls due.</summary>
    public bool Remind()
    {
        if (_reminder is not { } due)
            return false;
        Tell(due);
        return true;
    }

    public void Tell(ISyncEvent e)
    {
        var before = Saga.Status;
        var decision = CascadeRules.Decide(Saga, e, DateTimeOffset.UnixEpoch, Options, Terms(Saga.Suspension + 1));
        Saga.CurrentState = decision.Next.ToString();
        if (before != decision.Next)
            Arrows.Add((before.ToString(), e switch { TenantSuspended => "SuspensionImposed", TenantUpdated => "SettingsChanged", TenantCascadeStepDone => "StepDone", _ => "ReplyOverdue.Received" }, decision.Next.ToString()));
        if (decision.RemindIn is not null)
            _reminder = new CascadeReplyOverdue { TenantId = Tenant, Suspension = (uint)Saga.Suspension, Action = Saga.Action, Attempt = (uint)Saga.Round };
        else if (decision.Next is CascadeStatus.Suspended or CascadeStatus.Active)
            _reminder = null;
        foreach (var said in decision.Say)
        {
            if (said is ITenantCommand command)
            {
                Commands.Add(command);
                _commands[ServiceOf(command)].Enqueue(said);
                OnCommand?.Invoke(command);
            }
            else
            {
                Outcomes.Add(said);
                OnOutcome?.Invoke(said);
            }
        }
    }

    /// <summary>Looks at a command at the moment it is said.</summary>
    public Action<ITenantCommand>? OnCommand { get; set; }

    /// <summary>Looks at a command at the moment a service has carried it out, or found that it need not.</summary>
    public Action<ITenantCommand, string>? OnFollowed { get; set; }

    /// <summary>On what terms a suspension begins, by its number.</summary>
    public Func<long, TrainingTerms> Terms { get; set; } = _ => TrainingTerms.Usual;

    /// <summary>Looks at an outcome at the moment it is said.</summary>
    public Action<ISyncEvent>? OnOutcome { get; set; }

    public static string ServiceOf(ITenantCommand command) => command switch
    {
        DisableTenantModels or EnableTenantModels => CascadeService.Models,
        StopTenantTraining or AllowTenantTraining => CascadeService.Training,
        SwitchOffTenantInference or SwitchOnTenantInference => CascadeService.Inference,
        _ => CascadeService.Agents,
    };

    public static string ActionOf(ITenantCommand command) =>
        command is DisableTenantModels or StopTenantTraining or SwitchOffTenantInference or StopTenantAgents ? CascadeAction.Suspend : CascadeAction.Resume;

    private bool ReadLog()
    {
        if (_sagaRead == _log.Count)
            return false;
        Hear(_log[_sagaRead++]);
        return true;
    }

    private bool ReadRegistryLog()
    {
        if (_registryRead == _log.Count)
            return false;
        switch (_log[_registryRead++])
        {
            case TenantSuspended suspended:
                TenantRules.Suspend(Models, suspended);
                break;
            case TenantUpdated updated when CascadePosition.Resumes(updated):
                TenantRules.Resume(Models, updated);
                break;
        }

        return true;
    }

    private bool HandleCommand(string service)
    {
        if (!_commands[service].TryDequeue(out var command))
            return false;
        Answer((ITenantCommand)command);
        return true;
    }

    private void Answer(ITenantCommand command)
    {
        var (service, to) = (ServiceOf(command), CascadePosition.Of(command.Suspension, ActionOf(command)));
        var outcome = service == CascadeService.Models ? TenantRules.Follow(Models, command, to, "") : StandingRules.Follow(_workloads[service], to, DateTimeOffset.UnixEpoch);
        OnFollowed?.Invoke(command, outcome);
        _replies[service].Enqueue(new TenantCascadeStepDone
        {
            TenantId = Tenant,
            Suspension = command.Suspension,
            Action = ActionOf(command),
            Service = service,
            Outcome = outcome,
            Affected = 0,
            Details = JsonSerializer.SerializeToElement(0),
        });
    }

    private bool HandleReply(string service)
    {
        if (!_replies[service].TryDequeue(out var reply))
            return false;
        Hear(reply);
        return true;
    }

    /// <summary>Tenants' own events come once to the saga, in their order; answers and reminders may come again.</summary>
    private void Hear(ISyncEvent e)
    {
        if (e is TenantCascadeStepDone)
            _heard.Add(e);
        Tell(e);
    }
}
