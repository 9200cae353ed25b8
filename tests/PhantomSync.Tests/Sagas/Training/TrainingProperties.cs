using CsCheck;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Diagrams;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Tests.Sagas.Training;

/// <summary>Random interleavings of a job's events, with duplicates and time-outs, against every serial order of the same events.</summary>
[Trait("row", "S19.15")]
public sealed class TrainingProperties
{
    /// <summary>How one attempt ends: not at all, failed, completed, completed and registered.</summary>
    private static readonly Gen<int[]> Ends = Gen.Int[0, 3].Array[1, 3].Select(ends => ends.Select((end, i) => i < ends.Length - 1 ? 1 : end).ToArray());

    private static readonly Gen<int[]> Cancels = Gen.Int[0, 3].Array[0, 2];

    /// <summary>Even: a suspension pauses the job; odd: that suspension is over. They come from two services, in no order.</summary>
    private static readonly Gen<int[]> Holds = Gen.Int[0, 5].Array[0, 5];

    private static readonly Gen<uint[]> Choices = Gen.UInt.Array[40];

    [Fact, Trait("row", "S2.04"), Trait("row", "S2.05"), Trait("row", "S2.06")]
    public void Interleaved_doubled_and_reminded_a_job_ends_as_some_serial_order_would_have_it() =>
        Gen.Select(Ends, Cancels, Gen.Bool, Choices).Sample(
            (ends, cancels, shuffled, choices) =>
            {
                var models = Models(ends);
                var commands = cancels.Select((attempt, i) => (ISyncEvent)Job.Cancel(100 + i, attempt == 0 ? null : (uint)attempt)).ToList();
                var outcomes = Serial(models, commands);

                // One attempt's events may even overtake each other; of several, each topic keeps its order.
                var stream = shuffled && ends.Length == 1 ? Shuffle(models, choices) : models;
                var job = Deliver(stream, commands, choices);
                outcomes.ShouldContain(Seen(job), $"{string.Join(' ', job.Steps.Select(step => $"{step.Event.Name}:{step.To}"))}");
            },
            iter: 5_000);

    [Fact, Trait("row", "S13.15")]
    public void Paused_and_resumed_in_any_order_a_job_ends_as_if_it_had_not_been_and_waits_exactly_while_the_last_suspension_lasts() =>
        Gen.Select(Ends, Cancels, Holds, Choices).Sample(
            (ends, cancels, holds, choices) =>
            {
                var models = Models(ends);
                var commands = cancels.Select((attempt, i) => (ISyncEvent)Job.Cancel(100 + i, attempt == 0 ? null : (uint)attempt)).ToList();
                var job = Deliver(models, commands, choices, [.. holds.Select(Hold)]);
                var story = string.Join(' ', job.Steps.Select(step => $"{step.Event.Name}:{step.To}"));
                Serial(models, commands).ShouldContain(Seen(job), story);
                job.State.SuspensionStep.ShouldBe(holds.Length == 0 ? 0 : holds.Max() + 1, story);

                // It waits exactly while it would run and is suspended, and its silence is not counted meanwhile.
                var suspended = job.State.SuspensionStep % 2 == 1;
                (job.Status == TrainingStatus.Paused).ShouldBe(suspended && Seen(job).Status == TrainingStatus.Started, story);
                job.Steps.ShouldNotContain(step => step.From == TrainingStatus.Paused && step.To == TrainingStatus.Stalled, story);
            },
            iter: 5_000);

    [Fact, Trait("row", "S2.05")]
    public void The_rules_go_exactly_along_the_arrows_of_the_diagram()
    {
        var moves = new Action<Job>[]
        {
            job => job.Hear(Job.Started(0)), job => job.Hear(Job.Started(20)), job => job.Hear(Job.Progressed(5)), job => job.Hear(Job.Completed(30)),
            job => job.Hear(Job.Failed(10)), job => job.Hear(Job.Failed(35)), job => job.Hear(Job.Registered(50)), job => job.Hear(Job.Cancel(60)),
            job => job.Hear(Job.Pause(60)), job => job.Hear(Job.Resume(70)), job => job.Now += Job.QuietLimit, job => Remind(job),
        };

        // Every state that any sequence of these leads to, each reached once.
        var seen = new HashSet<object>();
        var gone = new HashSet<(string, string, string)>();
        var paths = new Queue<int[]>([[]]);
        while (paths.TryDequeue(out var path))
        {
            var job = new Job();
            foreach (var move in path)
                moves[move](job);
            gone.UnionWith(job.Steps.Where(step => step.From != step.To).Select(step => (step.From.ToString(), NameOf(step.Event), step.To.ToString())));
            if (!seen.Add(Essence(job)))
                continue;
            for (var move = 0; move < moves.Length; move++)
                paths.Enqueue([.. path, move]);
        }

        seen.Count.ShouldBeGreaterThan(100);
        var machine = new TrainingLifecycle(TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new TrainingLifecycleOptions()));
        gone.Order().ShouldBe(MermaidDiagram.Transitions(machine).Where(arrow => arrow.From != arrow.To).Select(arrow => (arrow.From, arrow.Event, arrow.To)).Order());
    }

    private static void Remind(Job job)
    {
        if (job.Status != TrainingStatus.Initial)
            job.Hear(Job.Overdue());
    }

    private static object Essence(Job job) => (
        job.Status,
        job.State.StartedAt,
        job.State.Attempts,
        (job.State.CompletedAt, job.State.FailedAt, job.State.CancelledAt, job.State.CancelledAttempt, job.State.VersionRegisteredAt),
        job.State.SuspensionStep,
        job.Now - job.State.LastNewsAt >= Job.QuietLimit);

    private static string NameOf(Type e) => e.Name switch
    {
        nameof(TrainingJobStarted) => "JobStarted",
        nameof(TrainingJobProgressed) => "JobProgressed",
        nameof(TrainingJobCompleted) => "JobCompleted",
        nameof(TrainingJobFailed) => "JobFailed",
        nameof(CancelTrainingJob) => "CancelRequested",
        nameof(PauseTrainingJob) => "PauseRequested",
        nameof(ResumeTrainingJob) => "ResumeRequested",
        nameof(ModelUpdated) => "VersionAnnounced",
        _ => "NewsOverdue.Received",
    };

    private static List<ISyncEvent> Models(int[] ends)
    {
        var stream = new List<ISyncEvent>();
        for (var attempt = 0; attempt < ends.Length; attempt++)
        {
            stream.Add(Job.Started(attempt * 20));
            if (ends[attempt] == 1)
                stream.Add(Job.Failed((attempt * 20) + 10));
            if (ends[attempt] >= 2)
                stream.Add(Job.Completed((attempt * 20) + 10));
            if (ends[attempt] == 3)
                stream.Add(Job.Registered((attempt * 20) + 11));
        }

        return stream;
    }

    /// <summary>The end of every order in which each topic's events keep theirs.</summary>
    private static HashSet<SerialTraining> Serial(List<ISyncEvent> models, List<ISyncEvent> commands)
    {
        var outcomes = new HashSet<SerialTraining>();
        Go(SerialTraining.Nothing, 0, 0);
        return outcomes;

        void Go(SerialTraining state, int model, int command)
        {
            if (model == models.Count && command == commands.Count)
                outcomes.Add(state);
            if (model < models.Count)
                Go(state.Hear(models[model]), model + 1, command);

            // Nobody cancels what has not been started.
            if (command < commands.Count && model > 0)
                Go(state.Hear(commands[command]), model, command + 1);
        }
    }

    private static ISyncEvent Hold(int hold) => hold % 2 == 0 ? Job.Pause(100, (uint)(hold / 2) + 1) : Job.Resume(100, (uint)(hold / 2) + 1);

    private static Job Deliver(List<ISyncEvent> models, List<ISyncEvent> commands, uint[] choices, List<ISyncEvent>? holds = null)
    {
        holds ??= [];
        var job = new Job();
        var delivered = new List<ISyncEvent>();
        var (model, command, hold) = (0, 0, 0);
        foreach (var choice in choices.Concat(Enumerable.Repeat(0u, models.Count + commands.Count)))
        {
            job.Now += TimeSpan.FromMinutes(choice % 40);
            if (choice / 8 % 5 == 0 && hold < holds.Count)
            {
                delivered.Add(holds[hold]);
                job.Hear(holds[hold++]);
            }

            switch (choice % 8)
            {
                case 0 or 1 or 2 when model < models.Count:
                    delivered.Add(models[model]);
                    job.Hear(models[model++]);
                    break;
                case 0 or 1 or 2 or 3 when command < commands.Count && (model > 0 || choice % 3 == 0):
                    delivered.Add(commands[command]);
                    job.Hear(commands[command++]);
                    break;
                case 4 or 5 when delivered.Count > 0:
                    job.Hear(delivered[(int)(choice / 8 % delivered.Count)]);
                    break;
                case 6:
                    job.Hear(Job.Progressed((int)(choice % 50)));
                    break;
                case 7 when job.Status != TrainingStatus.Initial:
                    job.Hear(Job.Overdue());
                    break;
            }
        }

        while (model < models.Count)
            job.Hear(models[model++]);
        while (command < commands.Count)
            job.Hear(commands[command++]);
        while (hold < holds.Count)
            job.Hear(holds[hold++]);
        return job;
    }

    private static List<ISyncEvent> Shuffle(List<ISyncEvent> stream, uint[] choices) =>
        [.. stream.Select((e, i) => (e, choices[i])).OrderBy(pair => pair.Item2).Select(pair => pair.e)];

    /// <summary>The same view of the real saga; one that has stalled, or waits, is what it was before.</summary>
    private static SerialTraining Seen(Job job) => new(
        job.Status is TrainingStatus.Stalled or TrainingStatus.Paused ? job.State.CompletedAt is null ? TrainingStatus.Started : TrainingStatus.Completed : job.Status,
        job.State.Attempts,
        job.State.CompletedAt is not null,
        job.State.ResultVersion,
        job.State.FailedAt is not null,
        job.Told.Count(told => told == TrainingStatus.Cancelled),
        job.State.CancelledAttempt);
}
