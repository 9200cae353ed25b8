using PhantomSync.Contracts;
using PhantomSync.Sagas.Tenants;

namespace PhantomSync.Tests.Sagas.Tenants;

[Trait("row", "S2.15")]
public sealed class CascadeRulesTests
{
    [Fact]
    public void A_suspension_tells_all_services_at_once_and_its_end_tells_them_one_step_after_another()
    {
        var world = new CascadeWorld([CascadeWorld.Suspend(), CascadeWorld.Resume()]);
        world.Settle();
        world.Commands.Select(command => command.GetType().Name).ShouldBe(
        [
            nameof(DisableTenantModels), nameof(StopTenantTraining), nameof(SwitchOffTenantInference), nameof(StopTenantAgents),
            nameof(EnableTenantModels), nameof(AllowTenantTraining), nameof(SwitchOnTenantInference), nameof(RestartTenantAgents),
        ]);
        world.Outcomes.ShouldBe([new TenantSuspensionCompleted { TenantId = CascadeWorld.Tenant, Suspension = 1 }, new TenantResumed { TenantId = CascadeWorld.Tenant, Suspension = 1 }]);
        world.Saga.CompletedAt.ShouldNotBeNull();
    }

    [Fact]
    public void Who_does_not_answer_is_asked_again_alone_then_flagged_once_and_asked_on()
    {
        var world = new CascadeWorld([]);
        world.Tell(CascadeWorld.Suspend());
        foreach (var service in CascadeService.All.Where(service => service != CascadeService.Agents))
            world.Tell(Done(service, 1, CascadeAction.Suspend));
        for (var i = 0; i < 5; i++)
            world.Remind().ShouldBeTrue();
        world.Commands.OfType<StopTenantAgents>().Select(command => command.Attempt).ShouldBe([1u, 2u, 3u, 4u, 5u, 6u]);
        world.Commands.Count.ShouldBe(9);
        world.Outcomes.ShouldBe([new TenantCascadeOverdue { TenantId = CascadeWorld.Tenant, Suspension = 1, Action = CascadeAction.Suspend, Service = CascadeService.Agents, Attempts = 3 }]);
        (world.Saga.Status, world.Saga.Missing, world.Saga.Overdue).ShouldBe((CascadeStatus.Suspending, "agents", "agents"));

        world.Tell(Done(CascadeService.Agents, 1, CascadeAction.Suspend));
        (world.Saga.Status, world.Saga.Missing, world.Saga.Overdue).ShouldBe((CascadeStatus.Suspended, "", ""));
        CascadeRules.AnswersOf(world.Saga).Keys.Order().ShouldBe(CascadeService.All.Order());
        world.Remind().ShouldBeFalse();
    }

    [Fact]
    public void The_pause_doubles_up_to_its_limit()
    {
        var options = new TenantSuspensionOptions { ReplyWithin = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(5) };
        Enumerable.Range(1, 6).Select(asked => CascadeRules.PauseAfter(asked, options).TotalSeconds).ShouldBe([30, 60, 120, 240, 300, 300]);
        CascadeRules.PauseAfter(long.MaxValue, options).ShouldBe(options.LongestPause);
    }

    [Fact]
    public void Answers_and_reminders_of_an_earlier_suspension_do_not_count_for_the_next()
    {
        var world = new CascadeWorld([]);
        world.Tell(CascadeWorld.Suspend());
        world.Tell(CascadeWorld.Resume());
        world.Tell(CascadeWorld.Suspend());
        foreach (var service in CascadeService.All)
        {
            world.Tell(Done(service, 1, CascadeAction.Suspend));
            world.Tell(Done(service, 2, CascadeAction.Resume));
        }

        world.Tell(new CascadeReplyOverdue { TenantId = CascadeWorld.Tenant, Suspension = 1, Action = CascadeAction.Suspend, Attempt = 1 });
        (world.Saga.Status, world.Saga.Suspension, world.Saga.Missing).ShouldBe((CascadeStatus.Suspending, 2L, string.Join(',', CascadeService.All)));
        world.Commands.Count.ShouldBe(4 + 1 + 4);
    }

    [Fact]
    public void A_tenant_that_is_suspended_or_active_already_is_left_alone()
    {
        var world = new CascadeWorld([CascadeWorld.Suspend(), CascadeWorld.Suspend(), CascadeWorld.Resume(), CascadeWorld.Resume(), CascadeWorld.Resume()]);
        world.Settle();
        (world.Saga.Status, world.Saga.Suspension).ShouldBe((CascadeStatus.Active, 1L));
        world.Commands.Count.ShouldBe(8);
    }

    private static TenantCascadeStepDone Done(string service, uint suspension, string action) => new()
    {
        TenantId = CascadeWorld.Tenant,
        Suspension = suspension,
        Action = action,
        Service = service,
        Outcome = CascadeOutcome.Done,
        Affected = 1,
        Details = default,
    };
}
