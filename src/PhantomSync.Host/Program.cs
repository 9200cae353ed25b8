using PhantomSync.Host;
using PhantomSync.Kafka.Embedded;

if (args is ["broker", ..])
    return await BrokerServer.RunAsync(args[1..]);

return await CommandLine.RunAsync(args);
