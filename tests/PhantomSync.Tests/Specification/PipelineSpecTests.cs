using CsCheck;

namespace PhantomSync.Tests.Specification;

/// <summary>Searches the specification completely, and shows that each guard in it is needed.</summary>
public sealed class PipelineSpecTests(ITestOutputHelper output)
{
    [Fact]
    public void A_durable_broker_and_two_relays_keep_every_guarantee() =>
        Check.Exhaustive(PipelineSpec.Create(volatileBroker: false, events: 3, maxLog: 5), output.WriteLine);

    [Fact]
    public void A_lane_that_goes_to_and_fro_keeps_every_guarantee() =>
        Check.Exhaustive(PipelineSpec.Create(volatileBroker: false, events: 2, maxLog: 4, connectionLosses: 3), output.WriteLine);

    [Fact]
    public void A_volatile_broker_that_is_fed_again_keeps_every_guarantee() =>
        Check.Exhaustive(PipelineSpec.Create(volatileBroker: true, events: 2, maxLog: 4), output.WriteLine);

    [Fact]
    public void A_volatile_broker_that_is_not_fed_again_loses_events() =>
        Should.Throw<Exception>(() => Check.Exhaustive(PipelineSpec.Create(volatileBroker: true, events: 2, maxLog: 4, refeed: false), output.WriteLine))
            .Message.ShouldContain("NOLOSS");

    [Fact]
    public void A_chain_that_goes_on_after_a_failure_breaks_the_order() =>
        Should.Throw<Exception>(() => Check.Exhaustive(PipelineSpec.Create(volatileBroker: false, events: 3, maxLog: 5, stopChainOnFailure: false), output.WriteLine))
            .Message.ShouldContain("ORDER");

    [Fact]
    public void Every_seeded_fault_is_caught() =>
        Check.Faults(PipelineSpec.WithFaults(PipelineSpec.Create(volatileBroker: false, events: 3, maxLog: 5)), output.WriteLine);
}
