using System.Text;
using MassTransit;
using Microsoft.Extensions.Options;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas.Diagrams;

/// <summary>The state machines as Mermaid draws them.</summary>
public static class MermaidDiagram
{
    /// <summary>Every diagram: the file in <c>docs</c>, and what stands in it.</summary>
    public static IReadOnlyList<(string File, string Text)> All()
    {
        var training = new TrainingLifecycle(TimeProvider.System, Options.Create(new TrainingLifecycleOptions()));
        var suspension = new TenantSuspension(TimeProvider.System, Options.Create(new TenantSuspensionOptions()));
        return
        [
            ("sagas-training-lifecycle.md", Page("Training lifecycle", "a training job", Transitions(training))),
            ("sagas-tenant-suspension.md", Page("Tenant suspension", "a tenant's suspensions", Transitions(suspension))),
        ];
    }

    /// <summary>The arrows of a machine; an event that leaves the state as it is has none.</summary>
    public static IReadOnlyList<Transition> Transitions<TSaga>(StateMachine<TSaga> machine)
        where TSaga : class, SagaStateMachineInstance =>
        [.. TransitionVisitor<TSaga>.Read(machine).Distinct()];

    private static string Page(string title, string of, IReadOnlyList<Transition> transitions)
    {
        var page = new StringBuilder()
            .Append("# ").Append(title).Append("\n\n")
            .Append("The states of ").Append(of).Append(", drawn from the code by `phantomsync saga diagrams docs`. ")
            .Append("What each event does in each state: [tenants and training](tenants-and-training.md).\n\n")
            .Append("```mermaid\nstateDiagram-v2\n    direction LR\n");
        foreach (var group in transitions.GroupBy(transition => (transition.From, transition.To)))
            page.Append("    ").Append(Name(group.Key.From)).Append(" --> ").Append(group.Key.To).Append(": ").AppendJoin("<br/>", group.Select(transition => Event(transition.Event))).Append('\n');
        return page.Append("```\n").ToString();
    }

    private static string Name(string state) => state == "Initial" ? "[*]" : state;

    private static string Event(string name) => name.EndsWith(".Received", StringComparison.Ordinal) ? name[..^".Received".Length] : name;
}
