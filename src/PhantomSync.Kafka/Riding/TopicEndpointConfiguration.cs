using System.ComponentModel.DataAnnotations;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Consuming;
using ValidationResult = MassTransit.ValidationResult;

namespace PhantomSync.Kafka.Riding;

/// <summary>One consumer group as MassTransit configures it, and the endpoint that comes of it.</summary>
internal sealed class TopicEndpointConfiguration : ReceiveEndpointConfiguration, ITopicEndpointConfigurator
{
    private readonly IRiderRegistrationContext _context;
    private readonly KafkaSettings _settings;
    private readonly IBusInstance _bus;
    private readonly IReceiveEndpointConfiguration _configuration;
    private readonly MessageTypeObserver _observer = new();
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly List<Func<KafkaReceiveEndpointContext, IBulkHandler>> _bulkHandlers = [];
    private readonly HashSet<Type> _bulkTypes = [];
    private readonly List<IBatchPreparation> _preparations = [];
    private Func<IServiceProvider, string, IInbox>? _inbox;

    public TopicEndpointConfiguration(IRiderRegistrationContext context, KafkaSettings settings, IBusInstance bus, IReceiveEndpointConfiguration configuration, string groupId)
        : base(bus.HostConfiguration, configuration)
    {
        _context = context;
        _settings = settings;
        _bus = bus;
        _configuration = configuration;
        GroupId = groupId;
        PublishFaults = false;
        ConnectConsumerConfigurationObserver(_observer);
        ConnectSagaConfigurationObserver(_observer);
        ConnectHandlerConfigurationObserver(_observer);
        var turns = new ConsumerTurnObserver();
        ConnectConsumerConfigurationObserver(turns);
        ConnectSagaConfigurationObserver(turns);
        ConnectHandlerConfigurationObserver(turns);
        this.RethrowFaultedMessages();
        this.DiscardSkippedMessages();
    }

    public string GroupId { get; }

    public TopicEndpointOptions Options { get; } = new();

    public override Uri HostAddress => _configuration.HostAddress;

    public override Uri InputAddress => _configuration.InputAddress;

    /// <summary>The topics named, and those of every message type that is handled here.</summary>
    public IReadOnlySet<string> TopicNames
    {
        get
        {
            var handled = _observer.MessageTypes.Concat(_bulkTypes).ToArray();
            var names = new HashSet<string>(_topics, StringComparer.Ordinal);
            foreach (var message in _settings.Format!.Messages)
            {
                if (handled.Any(type => type.IsAssignableFrom(message.MessageType)))
                    names.Add(message.Topic);
            }

            return names;
        }
    }

    public void Topics(params string[] topics) => _topics.UnionWith(topics);

    public void BeforeBatch(IBatchPreparation preparation) => _preparations.Add(preparation);

    public void UseInbox(Func<IServiceProvider, string, IInbox> inbox) => _inbox = inbox;

    public void BulkConsumer<TConsumer>()
        where TConsumer : class
    {
        var batches = BulkMessageTypes(typeof(TConsumer));
        if (batches.Count == 0)
            throw new ConfigurationException($"{typeof(TConsumer).Name} implements no IConsumer<Batch<T>>.");
        foreach (var messageType in batches)
        {
            _bulkTypes.Add(messageType);
            _bulkHandlers.Add(endpoint => (IBulkHandler)ActivatorUtilities.CreateInstance(
                _context,
                typeof(BulkHandler<,>).MakeGenericType(typeof(TConsumer), messageType),
                endpoint,
                (ISetScopedConsumeContext)_context));
        }
    }

    public static IReadOnlyList<Type> BulkMessageTypes(Type consumer) =>
    [
        .. consumer.GetInterfaces()
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(type => type.GenericTypeArguments[0])
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Batch<>))
            .Select(type => type.GenericTypeArguments[0]),
    ];

    public override IEnumerable<ValidationResult> Validate()
    {
        var problems = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        Validator.TryValidateObject(Options, new ValidationContext(Options), problems, validateAllProperties: true);
        foreach (var problem in problems)
            yield return this.Failure(problem.MemberNames.FirstOrDefault() ?? "Options", problem.ErrorMessage ?? "is not valid");
        foreach (var result in base.Validate())
            yield return result;
    }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => CreateContext();

    /// <param name="provisioned">Ends when the topics are there.</param>
    public ReceiveEndpoint Build(Task provisioned)
    {
        // Which messages the consumers take is known once the context has been created.
        var endpoint = CreateContext();
        if (TopicNames.Count == 0)
            throw new ConfigurationException($"The consumers of topic endpoint '{GroupId}' handle no message that has a topic. Add a consumer of a catalogued event, or name topics.");
        if (_inbox is not null && RetryProbe.IsIn(endpoint.ReceivePipe))
        {
            throw new ConfigurationException(
                $"Topic endpoint '{GroupId}' has UseMessageRetry: on itself, on a consumer or on the bus. Its attempts would share the micro-batch's scope, and what a failed one has added to the "
                + "context would be saved with the next. Remove it: the endpoint itself tries again, each time in a fresh scope. Options(o => o.Attempts) says how often.");
        }

        // Before any relay of this process can send: what nobody is known to read is forgotten as soon as it is sent.
        _settings.VolatileLog?.Register(GroupId, TopicNames);
        var dispatcher = new EndpointDispatcher(endpoint, _observer.MessageTypes, [.. _bulkHandlers.Select(create => create(endpoint))], _preparations);
        _context.GetRequiredService<EndpointDirectory>().Add(GroupId, new EndpointDoor(_settings.Format!, dispatcher));
        var time = _context.GetService<TimeProvider>() ?? TimeProvider.System;
        var loggers = _context.GetRequiredService<ILoggerFactory>();

        GroupConsumer CreateConsumer() => new(
            GroupId,
            TopicNames,
            Options,
            group => _settings.Connection.ConsumerBuilder(_settings.Connection.Consumer(group)),
            new MicroBatchProcessor(
                GroupId,
                Options,
                _settings.Format!,
                _inbox?.Invoke(_context, GroupId) ?? new AtLeastOnceInbox(_settings.Sender),
                dispatcher,
                _context.GetRequiredService<IServiceScopeFactory>(),
                _context.GetRequiredService<FailureClassifier>(),
                time,
                loggers.CreateLogger<MicroBatchProcessor>()),
            _settings.VolatileLog,
            time,
            loggers.CreateLogger<GroupConsumer>());

        return new ReceiveEndpoint(new KafkaReceiveTransport(endpoint, CreateConsumer, provisioned, _settings.Address), endpoint);
    }

    private KafkaReceiveEndpointContext CreateContext()
    {
        var builder = new KafkaReceiveEndpointBuilder(this);
        ApplySpecifications(builder);
        var context = new KafkaReceiveEndpointContext(_bus, this);
        context.GetOrAddPayload(() => _bus.HostConfiguration.Topology);
        return context;
    }

    private sealed class KafkaReceiveEndpointBuilder(IReceiveEndpointConfiguration configuration) : ReceiveEndpointBuilder(configuration);
}
