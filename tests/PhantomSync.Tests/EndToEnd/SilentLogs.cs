using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Publishing;
using PhantomSync.Kafka.Producing;
using PhantomSync.Registry;
using PhantomSync.Tests.Contracts;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>The whole host at log level Trace, and events full of what no log may tell. S13.16.</summary>
[Collection(nameof(Fire)), Trait("row", "S13.16")]
public sealed class SilentLogs : IAsyncLifetime
{
    /// <summary>Stands in every text, payload and user id that is published.</summary>
    private const string Secret = "alice.secret@example.com";

    private static readonly JsonElement Payload = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["iban"] = Secret });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-logs-");
    private readonly Captured _log = new();
    private PlatformHost _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IServiceProvider Services => _platform.Services;

    public async ValueTask InitializeAsync()
    {
        _platform = await PlatformHost.CreateAsync(
            new PlatformOptions(_folder.FullName, null, null, null),
            LogLevel.Critical,
            urls: null,
            parts =>
            {
                parts.Bus.AddLogging(logging => logging.AddProvider(_log).AddFilter<Captured>(null, LogLevel.Trace));
                parts.Rider.AddService<PoisonContext>("careless", service => service.Consumer<Careless>());
                parts.Bus.AddDbContext<PoisonContext>(parts.Database("careless"));
                parts.Bus.AddEntityFrameworkOutbox<PoisonContext>(outbox =>
                {
                    outbox.ServiceName = "careless";
                    parts.OutboxProvider(outbox);
                });
                parts.Bus.AddTableSetup<PoisonContext>();
            },
            Cancel,
            PlatformRole.Platform);
        await _platform.Host.StartAsync(Cancel);
        await _platform.DatabasesReadyAsync(_ => { }, Cancel);
        await Services.OutboxReadyAsync<IngressDbContext>(Cancel);
        await Services.OutboxReadyAsync<RegistryDbContext>(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.Host.StopAsync(CancellationToken.None);
        await _platform.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_line_tells_a_payload_or_a_person()
    {
        await PublishAsync(
            new ModelCreated { TenantId = "acme", ModelId = "m", Name = Secret, ModelType = Secret, Algorithm = Secret, CreatedBy = Secret },
            Changed("1", "2", $"one {Secret}"),
            Changed("1", "3", $"other {Secret}"),
            new TrainingJobStarted { TenantId = "acme", ModelId = "m", JobId = "done", TrainingConfig = Payload, ResourceAllocation = Allocation, StartedBy = Secret },
            new TrainingJobCompleted { TenantId = "acme", ModelId = "m", JobId = "done", FinalMetrics = new Dictionary<string, double> { [Secret] = 1 }, ArtifactsLocation = Secret, TrainingDurationMs = 5 },
            new TrainingJobStarted { TenantId = "acme", ModelId = "m", JobId = "failed", TrainingConfig = Payload, ResourceAllocation = Allocation, StartedBy = Secret },
            new TrainingJobFailed { TenantId = "acme", ModelId = "m", JobId = "failed", FailureReason = Secret, ErrorDetails = Payload },
            Inferred("m"),
            new AuditLogCreated
            {
                LogId = "l",
                TenantId = "acme",
                UserId = Secret,
                Action = Secret,
                ResourceType = "session",
                ResourceId = Secret,
                Result = "success",
                Timestamp = Samples.Metadata.OccurredAt,
            },
            new TenantSuspended { TenantId = "acme", SuspensionReason = Secret, SuspendedBy = Secret },
            new ModelDeleted { TenantId = "acme", ModelId = "m", DeletionReason = Secret, DeletedBy = Secret });
        await PublishRawAsync($$$"""{"event_type":"InferenceCompleted","data":{"confidence":"{{{Secret}}}"}}""");
        await PublishRawAsync($$"""{"event_type":"ModelCreated","data":"{{Secret}}""");

        var letters = Services.GetServices<DeadLetterBox>().Single(box => box.Service == "careless");
        await Wait.ForAsync(async () => (await letters.ListAsync(cancellationToken: Cancel)).Any(letter => letter.Reason.Contains(Secret, StringComparison.Ordinal)), "the careless handler's event is a dead letter, with its reason");
        await letters.RequestReplayOfAllAsync(new Operator("tests"), Cancel);
        await Wait.ForAsync(async () => await letters.OpenRequestsAsync(Cancel) == 0, "it has failed again");
        await HandledAsync();

        (await Services.GetRequiredService<ConflictQueue>().ListAsync(closed: true, cancellationToken: Cancel)).ShouldNotBeEmpty();
        foreach (var told in (string[])["InvalidDataException, FormatException", "WireFormatException", "failed again"])
            await Wait.ForAsync(() => Task.FromResult(_log.Lines.Any(line => line.Text.Contains(told, StringComparison.Ordinal))), $"the log says {told}");

        // MassTransit's own line of a handler that failed has its exception; the host shows none of it below Critical.
        _log.Lines.Where(line => line.Category != "MassTransit" && line.Text.Contains(Secret, StringComparison.Ordinal)).Select(line => $"{line.Category} {line.Level}: {line.Text}").ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_that_are_handled_leave_no_line_above_debug()
    {
        await PublishAsync(Enumerable.Range(0, 20).Select(model => Inferred($"m{model}")));
        await HandledAsync();
        _log.Clear();

        await PublishAsync(Enumerable.Range(0, 200).Select(model => Inferred($"m{model}")));
        await HandledAsync();

        // What the host says of itself now and then is no line per event.
        _log.Lines.Count(line => line.Level >= LogLevel.Information && line.Category.StartsWith("PhantomSync", StringComparison.Ordinal)).ShouldBeLessThan(20);
    }

    private static ResourceAllocation Allocation => new() { CpuCores = 1, MemoryBytes = 1, GpuCount = 0, Priority = 1 };

    private static ModelUpdated Changed(string from, string to, string name) => new()
    {
        TenantId = "acme",
        ModelId = "m",
        PreviousVersion = from,
        NewVersion = to,
        Changes = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement(name) },
        UpdatedBy = Secret,
    };

    private static InferenceCompleted Inferred(string model) => new()
    {
        TenantId = "acme",
        ModelId = model,
        Version = "v1",
        InferenceId = $"{Guid.NewGuid()}",
        InputFeatures = Payload,
        Prediction = Payload,
        Confidence = 0.5,
        InferenceTimeMs = 1,
        RequestedBy = Secret,
    };

    private async Task PublishAsync(params IEnumerable<ISyncEvent> events)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.UseOutbox<IngressDbContext>();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        foreach (var e in events)
            await publish.Publish((object)e, Cancel);
        await scope.ServiceProvider.GetRequiredService<IngressDbContext>().SaveChangesAsync(Cancel);
    }

    /// <summary>As a producer that is not ours.</summary>
    private async Task PublishRawAsync(string record) =>
        (await Services.GetRequiredService<IRecordSender>().SendAsync(new OutgoingRecord("phantom.inference", null, Encoding.UTF8.GetBytes(record), null))).Outcome.ShouldBe(DeliveryOutcome.Stored);

    /// <summary>On the embedded broker an event leaves the outbox when every service has handled it.</summary>
    private Task HandledAsync() => Wait.ForAsync(
        async () => (await Services.OutboxDepthAsync<IngressDbContext>(Cancel)).Waiting + (await Services.OutboxDepthAsync<RegistryDbContext>(Cancel)).Waiting == 0, "all services have handled everything");

    /// <summary>Says in its failure what it was given.</summary>
    private sealed class Careless : IConsumer<ModelCreated>
    {
        public Task Consume(ConsumeContext<ModelCreated> context) => throw new InvalidDataException($"There is no {context.Message.Name}.", new FormatException(context.Message.CreatedBy));
    }

    private sealed class Captured : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _lines = new();

        public IReadOnlyCollection<(string Category, LogLevel Level, string Text)> Lines => _lines;

        public void Clear() => _lines.Clear();

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<(string Category, LogLevel Level, string Text)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue((category, logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }
}
