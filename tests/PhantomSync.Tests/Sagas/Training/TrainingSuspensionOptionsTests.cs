using Microsoft.Extensions.Options;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Tests.Sagas.Training;

[Trait("row", "S13.15")]
public sealed class TrainingSuspensionOptionsTests
{
    [Fact]
    public void A_tier_without_a_policy_and_a_tenant_without_a_tier_have_the_default()
    {
        var options = new TrainingSuspensionOptions { Tiers = { ["gold"] = TrainingPolicy.Finish } };
        (options.Of("gold"), options.Of("Gold"), options.Of(null)).ShouldBe(("finish", "cancel", "cancel"));
    }

    [Fact]
    public void Every_policy_that_there_is_not_is_named()
    {
        var options = new TrainingSuspensionOptions { Default = "stop", Tiers = { ["gold"] = "Pause", ["pro"] = TrainingPolicy.Pause } };
        new TrainingSuspensionOptionsValidator().Validate(Options.DefaultName, options).Failures.ShouldBe(
            ["TrainingSuspensionOptions.Default is 'stop'; expected is cancel, pause, finish.", "TrainingSuspensionOptions.Tiers[\"gold\"] is 'Pause'; expected is cancel, pause, finish."]);
    }
}
