using System.Collections.Concurrent;
using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.DeadLetters;

/// <summary>Writes down each event that it handles, and fails on those that a test names.</summary>
public sealed class WorkOnPiece(WorkshopContext workshop, WorkOnPiece.Faults faults) : IConsumer<ModelDeleted>
{
    public Task Consume(ConsumeContext<ModelDeleted> context)
    {
        workshop.Pieces.Add(new WorkshopContext.Piece { Model = context.Message.ModelId, Name = context.Message.DeletionReason });
        return faults.ByName.TryGetValue(context.Message.DeletionReason, out var fault) ? throw fault() : Task.CompletedTask;
    }

    /// <summary>What fails, and how.</summary>
    public sealed class Faults
    {
        public ConcurrentDictionary<string, Func<Exception>> ByName { get; } = new(StringComparer.Ordinal);

        public void Break(string name) => ByName[name] = () => new InvalidOperationException($"{name} is broken");

        public void Mend(string name) => ByName.TryRemove(name, out _);
    }
}
