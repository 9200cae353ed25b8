using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Running;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Kafka.Embedded;

// This program is its own broker, too: see BrokerCommand; and its own relay, to be killed.
return args switch
{
    ["broker", .. var rest] => await BrokerServer.RunAsync(rest),
    [RelayProcess.Verb, var postgres, var kafka, var topic] => await RelayProcess.RunAsync(postgres, kafka, topic),
    [ClickHouseProcess.Verb] => await ClickHouseProcess.RunAsync(),
    _ => await CommandLine.RunAsync(args),
};
