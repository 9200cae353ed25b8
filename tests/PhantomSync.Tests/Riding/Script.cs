using System.Collections.Concurrent;
using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Riding;

/// <summary>What the consumers of a test do besides noting the effect, and what they have been asked to handle.</summary>
public sealed class Script
{
    public Func<Deed, Task> Act { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Every attempt, in order: the note of the event.</summary>
    public ConcurrentQueue<string> Attempts { get; } = new();

    public int Count(string note) => Attempts.Count(attempt => attempt == note);
}

/// <summary>One attempt at an event.</summary>
public sealed record Deed(ISyncEvent Event, string Note, ConsumeContext Context, LedgerContext Ledger, IServiceProvider Services);
