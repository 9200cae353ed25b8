using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

[Trait("row", "S1.01")]
public sealed class CascadeGoldenFileTests
{
    private static readonly EventCatalogue Everything = EventCatalogue.Platform.With(CascadeEvents.All);

    public static TheoryData<string> EventTypes => [.. CascadeEvents.All.Select(e => e.EventType)];

    [Theory, MemberData(nameof(EventTypes))]
    [Trait("row", "S19.03"), Trait("row", "S19.04")]
    public void A_message_of_the_sagas_is_written_and_read_byte_by_byte_as_its_golden_file(string eventType)
    {
        var golden = Golden.Bytes(eventType);
        Encoding.UTF8.GetString(Everything.Write(Sample(eventType))).ShouldBe(Encoding.UTF8.GetString(golden));
        var read = Everything.Read(golden);
        read.ShouldBe(Sample(eventType));
        Everything.Write(read).ShouldBe(golden);
    }

    [Theory, MemberData(nameof(EventTypes))]
    public void Each_of_its_fields_is_required_and_its_ids_are_checked(string eventType)
    {
        var record = JsonElement.Parse(Golden.Bytes(eventType));
        foreach (var left in record.GetProperty("data").EnumerateObject().Select(field => field.Name).Where(name => (eventType, name) is not (("CancelTrainingJob", "attempt") or ("StopTenantTraining" or "AllowTenantTraining", "policy"))))
        {
            var rest = record.GetProperty("data").EnumerateObject().Where(field => field.Name != left).ToDictionary(field => field.Name, field => field.Value);
            var without = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["event_type"] = eventType, ["data"] = rest });
            var fault = Should.Throw<WireFormatException>(() => Everything.Read(without));
            (fault.Code, fault.Field).ShouldBe((WireFormatError.MissingField, $"data.{left}"));
        }

        var bad = Encoding.UTF8.GetString(Golden.Bytes(eventType)).Replace("\"tenant_id\":\"tenant-1\"", "\"tenant_id\":\" \"", StringComparison.Ordinal);
        Should.Throw<WireFormatException>(() => Everything.Read(Encoding.UTF8.GetBytes(bad))).Message.ShouldContain("tenant_id");
    }

    [Fact, Trait("row", "S19.07")]
    public void The_platforms_fifteen_do_not_need_them_and_share_no_topic_with_them()
    {
        foreach (var descriptor in CascadeEvents.All)
        {
            EventCatalogue.Platform.TryGet(descriptor.EventType, out _).ShouldBeFalse();
            EventCatalogue.Platform.Topics.ShouldNotContain(descriptor.Topic);
        }

        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Golden.Bytes("TenantResumed"))).Code.ShouldBe(WireFormatError.UnknownEventType);
    }

    [Fact]
    public void What_concerns_a_tenant_keeps_its_order_per_tenant_and_what_concerns_a_job_per_model()
    {
        foreach (var sample in CascadeSamples.All)
        {
            var key = Everything.Describe(sample).KeyOf(sample);
            key.ShouldBe(sample switch
            {
                TrainingNewsOverdue => "tenant-1:job-7",
                CancelTrainingJob or PauseTrainingJob or ResumeTrainingJob or TrainingJobProgressed or TrainingJobStalled or TrainingJobCancelled or TrainingQuotaExceeded => "tenant-1:model-42",
                _ => "tenant-1",
            });
        }
    }

    private static ISyncEvent Sample(string eventType) => CascadeSamples.All.Single(e => e.GetType().Name == eventType);
}
