using MassTransit;

namespace PhantomSync.Tests.Readme;

public sealed class RaiseAlarm(MonitoringDbContext db) : IConsumer<DriftDetected>
{
    public async Task Consume(ConsumeContext<DriftDetected> context)
    {
        var drift = context.Message;
        var alarm = await db.Alarms.FindAsync([drift.TenantId, drift.ModelId], context.CancellationToken)
            ?? db.Add(new Alarm { TenantId = drift.TenantId, ModelId = drift.ModelId }).Entity;
        alarm.Score = drift.Score;
    }
}
