using CsCheck;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Diagrams;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Registry;
using PhantomSync.Workloads.Training;

namespace PhantomSync.Tests.Sagas.Tenants;

/// <summary>The cascade under random interleavings, duplicates and time-outs, against the tenant's events taken one after the other.</summary>
[Trait("row", "S19.15")]
public sealed class CascadeProperties
{
    /// <summary>What happens to the tenant: suspended, made active again, or something else changes.</summary>
    private static readonly Gen<int[]> Histories = Gen.Frequency((4, Gen.Const(0)), (4, Gen.Const(1)), (1, Gen.Const(2))).Array[1, 7];

    private static readonly Gen<uint[]> Choices = Gen.UInt.Array[0, 150];

    [Fact, Trait("row", "S2.15"), Trait("row", "S13.13"), Trait("row", "S13.14")]
    public void Whatever_overtakes_what_all_services_end_where_the_tenants_events_end() =>
        Gen.Select(Histories, Choices).Sample(
            (history, choices) =>
            {
                var world = new CascadeWorld(history.Select(Event));
                var (suspended, suspensions) = Serial(history);
                var outcomes = new HashSet<(string, uint)>();
                world.OnOutcome = outcome => Judge(world, outcome, outcomes);
                world.OnCommand = command => JudgeOrder(world, command);
                foreach (var choice in choices)
                    world.Step(choice);
                world.Settle();

                world.Saga.Suspension.ShouldBe(suspensions);
                world.Saga.Status.ShouldBe(suspensions == 0 ? CascadeStatus.Initial : suspended ? CascadeStatus.Suspended : CascadeStatus.Active);
                foreach (var service in CascadeService.All)
                {
                    world.IsSuspended(service).ShouldBe(suspended, service);
                    world.PositionOf(service).ShouldBe(suspensions == 0 ? new CascadePosition(0) : CascadePosition.Of((uint)suspensions, suspended ? CascadeAction.Suspend : CascadeAction.Resume));
                }

                if (suspensions > 0)
                    outcomes.ShouldContain((suspended ? nameof(TenantSuspensionCompleted) : nameof(TenantResumed), (uint)suspensions));
                world.Remind().ShouldBeFalse("no reminder outlives its cascade");
            },
            iter: 5_000);

    [Fact, Trait("row", "S13.15")]
    public void Whatever_overtakes_what_a_running_job_ends_as_the_policy_of_the_last_suspension_has_it_for_trainer_and_saga() =>
        Gen.Select(Histories, Gen.Int[0, 2].Array[8], Choices).Sample(
            (history, policies, choices) =>
            {
                string Policy(long suspension) => TrainingPolicy.All[policies[suspension - 1]];
                var world = new TrainingHoldWorld(history.Select(Event), Policy);
                foreach (var choice in choices)
                    world.Step(choice);
                world.Settle();

                var (suspended, suspensions) = Serial(history);
                var told = $"{string.Join(' ', history)}: {string.Join(' ', policies)}: {string.Join(' ', world.Saga.Steps.Select(step => $"{step.Event.Name}:{step.To}"))}";
                var cancelled = world.Saga.Status == TrainingStatus.Cancelled;
                (world.Trainer.Status == JobStatus.Stopped).ShouldBe(cancelled, told);
                if (suspended && Policy(suspensions) == TrainingPolicy.Cancel)
                    cancelled.ShouldBeTrue(told);
                if (Enumerable.Range(1, suspensions).All(suspension => Policy(suspension) != TrainingPolicy.Cancel))
                    cancelled.ShouldBeFalse(told);
                if (!cancelled)
                {
                    var waits = suspended && Policy(suspensions) == TrainingPolicy.Pause;
                    (world.Trainer.Status, world.Saga.Status).ShouldBe(waits ? (JobStatus.Paused, TrainingStatus.Paused) : (JobStatus.Running, TrainingStatus.Started), told);
                }
            },
            iter: 5_000);

    [Fact, Trait("row", "S2.15")]
    public void The_rules_go_exactly_along_the_arrows_of_the_diagram()
    {
        var gone = new HashSet<(string, string, string)>();
        Gen.Select(Histories, Choices).Sample(
            (history, choices) =>
            {
                var world = new CascadeWorld(history.Select(Event));
                foreach (var choice in choices)
                    world.Step(choice);
                world.Settle();
                lock (gone)
                    gone.UnionWith(world.Arrows);
            },
            iter: 3_000);
        var machine = new TenantSuspension(TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new TenantSuspensionOptions()));
        gone.Order().ShouldBe(MermaidDiagram.Transitions(machine).Select(arrow => (arrow.From, arrow.Event, arrow.To)).Order());
    }

    /// <summary>An outcome is told once, and only when all four services have come so far.</summary>
    private static void Judge(CascadeWorld world, ISyncEvent outcome, HashSet<(string, uint)> told)
    {
        var (suspension, action) = outcome switch
        {
            TenantSuspensionCompleted completed => (completed.Suspension, CascadeAction.Suspend),
            TenantResumed resumed => (resumed.Suspension, CascadeAction.Resume),
            _ => (0u, ""),
        };
        if (suspension == 0)
            return;
        told.Add((outcome.GetType().Name, suspension)).ShouldBeTrue($"{outcome.GetType().Name} {suspension} was told twice");
        foreach (var service in CascadeService.All)
            world.PositionOf(service).Step.ShouldBeGreaterThanOrEqualTo(CascadePosition.Of(suspension, action).Step, $"{service} has not answered yet");
    }

    /// <summary>Nothing goes on before what it builds on.</summary>
    private static void JudgeOrder(CascadeWorld world, ITenantCommand command)
    {
        string[] before = command switch
        {
            AllowTenantTraining or SwitchOnTenantInference => [CascadeService.Models],
            RestartTenantAgents => [CascadeService.Models, CascadeService.Training, CascadeService.Inference],
            _ => [],
        };
        foreach (var service in before)
            world.PositionOf(service).Step.ShouldBeGreaterThanOrEqualTo(CascadePosition.Of(command.Suspension, CascadeAction.Resume).Step);
    }

    private static ISyncEvent Event(int what) => what switch
    {
        0 => CascadeWorld.Suspend(),
        1 => CascadeWorld.Resume(),
        _ => Say.TenantUpdated(CascadeWorld.Tenant, "subscription_tier", "gold"),
    };

    private static (bool Suspended, int Suspensions) Serial(int[] history)
    {
        var (suspended, suspensions) = (false, 0);
        foreach (var what in history)
        {
            if (what == 0 && !suspended)
                (suspended, suspensions) = (true, suspensions + 1);
            else if (what == 1)
                suspended = false;
        }

        return (suspended, suspensions);
    }
}
