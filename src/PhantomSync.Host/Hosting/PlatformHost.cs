using System.ComponentModel.DataAnnotations;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.Analytics;
using PhantomSync.Audit;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Host.Auditing;
using PhantomSync.Host.Conflicts;
using PhantomSync.Host.Publishing;
using PhantomSync.Host.Sagas;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Registry;

namespace PhantomSync.Host.Hosting;

/// <summary>The services of the platform in one process, on the embedded default or on real servers.</summary>
internal sealed class PlatformHost : IAsyncDisposable
{
    /// <summary>Where metrics are kept in the data directory.</summary>
    internal const string DuckDbFile = "analytics.duckdb";

    private readonly EmbeddedBroker? _broker;
    private readonly DataDirectory? _data;

    private PlatformHost(IHost host, EmbeddedBroker? broker, DataDirectory? data)
    {
        Host = host;
        _broker = broker;
        _data = data;
    }

    public IHost Host { get; }

    public IServiceProvider Services => Host.Services;

    /// <summary>The embedded broker's process; null without one.</summary>
    public int? BrokerProcessId => _broker?.ProcessId;

    /// <summary>What runs here, for people.</summary>
    public string Description { get; private init; } = "";

    /// <param name="options">Where state and broker are.</param>
    /// <param name="logLevel">What the log shows; it goes to standard error.</param>
    /// <param name="urls">Where health and metrics are served; null for a host without HTTP.</param>
    /// <param name="extend">Adds stores and services to those of every host.</param>
    /// <param name="role">What this process does.</param>
    /// <exception cref="UserErrorException">An option is wrong, or the port is taken.</exception>
    public static async Task<PlatformHost> CreateAsync(PlatformOptions options, LogLevel logLevel, string? urls, Action<PlatformParts> extend, CancellationToken cancellationToken, PlatformRole role = PlatformRole.Services)
    {
        CheckKafka(options.Kafka);
        var data = options.Postgres is not null ? null
            : role == PlatformRole.Reader ? DataDirectory.Share(options.DataDirectory)
            : DataDirectory.Open(options.DataDirectory);
        var services = role != PlatformRole.Publisher;
        EmbeddedBroker? broker = null;
        try
        {
            IHostApplicationBuilder builder = urls is null
                ? new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true })
                : WebEndpoints.CreateBuilder(urls);
            ConfigureLogging(builder.Logging, logLevel);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

            if (options.Kafka is null && role != PlatformRole.Reader)
            {
                var log = new VolatileLog();
                broker = await StartBrokerAsync(log, options, logLevel, cancellationToken);
                builder.Services.AddEmbeddedBroker(broker, log);
            }

            // Who only looks opens no database that was never made.
            var everything = role == PlatformRole.Platform
                || (role == PlatformRole.Reader && (data is null || File.Exists(Path.Combine(data.Path, "audit.db"))));
            var database = Database(options.Postgres, data);
            var training = SuspendedTraining.Read(options.SuspendedTraining);
            Action<TenantGateRules> gate = rules => ApplyUnknownTenants(rules, options.UnknownTenants);
            builder.Services.AddSyncEvents(EventCatalogue.Platform.With(ConflictEvents.All).With(CascadeEvents.All));
            builder.Services.AddConflicts(options);
            builder.Services.AddMassTransit(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.UsingInMemory();
                bus.AddIngressStore(database("ingress"), Provider(options));
                if (services)
                    bus.AddModelRegistryStore(database("registry"), Provider(options), role == PlatformRole.Services ? PassAll : gate);
                bus.AddRider(rider =>
                {
                    var parts = new PlatformParts(bus, rider, database, Provider(options));
                    if (services)
                    {
                        rider.AddIngress();
                        rider.AddModelRegistry();
                    }

                    if (everything && HasAnalytics(options))
                        rider.AddAnalytics();
                    if (everything)
                    {
                        parts.AddAudit(options);
                        parts.AddSagasAndWorkloads(gate, training);
                    }

                    extend(parts);
                    rider.UsingKafka((context, kafka) =>
                    {
                        if (options.Kafka is not null)
                            kafka.Host(options.Kafka);
                        else if (role == PlatformRole.Reader)
                            kafka.Host("localhost:9092"); // A bus that is never started sends nothing, but wants an address to write into the outbox.
                        kafka.Client.Service = "phantomsync";
                        kafka.TopicDefaults.Partitions = broker is null ? 12 : 8;
                        if (everything)
                            kafka.TopicDefaults.Also.Add(AuditModule.HeadsTopic);
                        kafka.ConfigureServices(context);
                    });
                });
            });
            builder.Services.AddTableSetup<IngressDbContext>();
            if (services)
                builder.Services.AddTableSetup<RegistryDbContext>();
            if (everything && HasAnalytics(options))
                AddAnalyticsStore(builder.Services, options, data);
            return new PlatformHost(Build(builder), broker, data) { Description = Describe(options, broker, everything) };
        }
        catch
        {
            if (broker is not null)
                await broker.DisposeAsync();
            data?.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the tables of all services are there.</summary>
    /// <param name="say">Hears, now and then, what is waited for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="UserErrorException">The database refuses this user, or its tables contradict this release.</exception>
    public async Task DatabasesReadyAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var setups = Services.GetServices<ITableSetup>().ToList();
        var time = Services.GetRequiredService<TimeProvider>();
        for (string? last = null; setups.Count > 0; setups.RemoveAll(setup => setup.Done.IsCompletedSuccessfully))
        {
            await Task.WhenAny(setups[0].Done, Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (setups[0].Done.IsCompleted)
                await setups[0].Done;
            else if (setups[0].Trouble is { } trouble && trouble != last)
                say($"Waiting for the database: {last = trouble}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is IAsyncDisposable host)
            await host.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        _data?.Dispose();
    }

    /// <summary>The simulated platform works on for the tenants that it suspends: what it proves is that everything is delivered.</summary>
    private static void PassAll(TenantGateRules rules) =>
        rules.Pass<TrainingJobStarted>().Pass<InferenceCompleted>().Pass<BatchInferenceCompleted>().Pass<AgentExecutionStarted>();

    private static void ApplyUnknownTenants(TenantGateRules rules, UnknownTenants unknown)
    {
        if (unknown == UnknownTenants.Hold)
            rules.HoldUnknown();
    }

    private static IHost Build(IHostApplicationBuilder builder) => builder is WebApplicationBuilder web
        ? WebEndpoints.Map(web.Build())
        : ((HostApplicationBuilder)builder).Build();

    /// <exception cref="UserErrorException">The text names no brokers.</exception>
    internal static void CheckKafka(string? bootstrapServers)
    {
        if (bootstrapServers is null)
            return;
        var client = new KafkaClientOptions { BootstrapServers = bootstrapServers };
        foreach (var problem in client.Validate(new ValidationContext(client)))
            throw new UserErrorException($"--kafka: {problem.ErrorMessage}");
        if (string.IsNullOrWhiteSpace(bootstrapServers))
            throw new UserErrorException("--kafka: no broker is named. Write kafka-1:9092,kafka-2:9092 for instance, or leave the option out to use the embedded broker.");
    }

    /// <summary>The embedded store is one process's own; beside servers that several hosts share, metrics need a server too.</summary>
    internal static bool HasAnalytics(PlatformOptions options) => options.ClickHouse is not null || options.Postgres is null;

    private static void AddAnalyticsStore(IServiceCollection services, PlatformOptions options, DataDirectory? data)
    {
        try
        {
            services.AddAnalyticsStore(analytics =>
            {
                analytics.ClickHouse = options.ClickHouse;
                analytics.DuckDbFile = Path.Combine(data?.Path ?? options.DataDirectory, DuckDbFile);
            });
        }
        catch (FormatException exception)
        {
            throw new UserErrorException($"--clickhouse: {exception.Message}", exception);
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.AddConsole(console =>
        {
            console.FormatterName = TerseFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<TerseFormatter, TerseFormatterOptions>(terse => terse.WithStackTraces = level <= LogLevel.Debug);
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        logging.AddFilter("MassTransit", LogLevel.Critical);

        // What keeps a host from starting is said by the command, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    private static async Task<EmbeddedBroker> StartBrokerAsync(VolatileLog log, PlatformOptions options, LogLevel logLevel, CancellationToken cancellationToken)
    {
        // It must run before the host is built, and says of itself what its supervisor has to report. Its log lives as long as the process.
        var loggers = LoggerFactory.Create(logging => ConfigureLogging(logging, logLevel));
        try
        {
            return await EmbeddedBroker.StartAsync(log, new EmbeddedBrokerOptions { Port = options.BrokerPort }, loggers.CreateLogger<EmbeddedBroker>(), cancellation: cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new UserErrorException(exception.Message, exception);
        }
    }

    /// <summary>A database per service: a file each, or a schema each.</summary>
    private static Func<string, Action<DbContextOptionsBuilder>> Database(string? postgres, DataDirectory? data)
    {
        if (postgres is null)
            return service => builder => builder.UseSqlite(data!.ConnectionString(service));
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(postgres);
            if (string.IsNullOrEmpty(connection.Host))
                throw new UserErrorException("--postgres: the connection string names no Host. Write Host=localhost;Database=phantomsync;Username=…;Password=… for instance.");
            // Whoever says otherwise in the connection string has their way. See docs/operations.md.
            if (!connection.ShouldSerialize("Max Auto Prepare"))
                connection.MaxAutoPrepare = 100;
            if (!connection.ShouldSerialize("No Reset On Close"))
                connection.NoResetOnClose = true;
            return _ => builder => builder.UseNpgsql(connection.ConnectionString);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"--postgres: this is not a connection string ({exception.Message}). Write Host=localhost;Database=phantomsync;Username=…;Password=… for instance.", exception);
        }
    }

    private static Action<EntityFrameworkOutboxConfigurator> Provider(PlatformOptions options) =>
        options.Postgres is null ? outbox => outbox.UseSqlite() : outbox => outbox.UsePostgres();

    private static string Describe(PlatformOptions options, EmbeddedBroker? broker, bool everything) =>
        (options.Postgres is null ? $"SQLite in {options.DataDirectory}" : "PostgreSQL")
        + (everything && HasAnalytics(options) ? options.ClickHouse is not null ? ", ClickHouse" : ", DuckDB" : "")
        + (broker is null ? $", Kafka at {options.Kafka}" : $", embedded broker at {broker.BootstrapServers}");
}
