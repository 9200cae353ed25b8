using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>Brings the rows that a micro-batch's handlers will look for into their context, before the first of them runs.</summary>
internal interface IPreload
{
    Task LoadAsync(DbContext context, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken);
}
