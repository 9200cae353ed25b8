using MassTransit;
using MassTransit.Transports;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>Starts and stops a group's consumer as MassTransit asks, and reports when it is ready.</summary>
internal sealed class KafkaReceiveTransport(KafkaReceiveEndpointContext context, Func<GroupConsumer> create, Task provisioned, IBrokerAddress? address) : IReceiveTransport
{
    public ReceiveTransportHandle Start() => new Handle(context, create(), provisioned, address);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public void Probe(ProbeContext context1) => context.Probe(context1);

    private sealed class Handle : ReceiveTransportHandle, IDisposable
    {
        private readonly KafkaReceiveEndpointContext _context;
        private readonly GroupConsumer _consumer;
        private readonly IBrokerAddress? _address;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _running;
        private volatile bool _ready;

        public Handle(KafkaReceiveEndpointContext context, GroupConsumer consumer, Task provisioned, IBrokerAddress? address)
        {
            _context = context;
            _consumer = consumer;
            _address = address;
            consumer.Turned += Turned;
            if (address is not null)
                address.Changed += consumer.Restart;
            _running = RunAsync(provisioned);
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            if (_address is not null)
                _address.Changed -= _consumer.Restart;
            _consumer.Turned -= Turned;
            await _stopping.CancelAsync();
            await _running;
            await _consumer.StopAsync(cancellationToken);
            await _context.TransportObservers.NotifyCompleted(_context.InputAddress, NoMetrics.Instance);
            Dispose();
        }

        /// <summary>MassTransit's observers only take note; the thread that polls does not wait for them.</summary>
        private void Turned(Exception? trouble)
        {
            if (trouble is not null)
                _ = _context.TransportObservers.NotifyFaulted(_context.InputAddress, trouble);
            else if (_ready)
                _ = _context.TransportObservers.NotifyReady(_context.InputAddress);
        }

        public void Dispose()
        {
            _consumer.Dispose();
            _stopping.Dispose();
        }

        private async Task RunAsync(Task provisioned)
        {
            try
            {
                await provisioned.WaitAsync(_stopping.Token);
                _consumer.Start();
                await _consumer.Ready.WaitAsync(_stopping.Token);
                await _context.TransportObservers.NotifyReady(_context.InputAddress);
                _ready = true;
            }
            catch (OperationCanceledException)
            {
                // Stopped before it was ready.
            }
        }
    }

    private sealed class NoMetrics : DeliveryMetrics
    {
        public static readonly NoMetrics Instance = new();

        public long DeliveryCount => 0;

        public int ConcurrentDeliveryCount => 0;
    }
}
