using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace PhantomSync.Kafka.Embedded;

/// <summary>
/// The <c>rd_kafka_mock_*</c> functions of the librdkafka that Confluent.Kafka brings. The API is marked experimental by its
/// authors: it is stable for the pinned version only.
/// </summary>
internal static partial class MockApi
{
    private const string Librdkafka = "librdkafka";

    /// <summary>
    /// What Confluent.Kafka tries, in its order: on Linux the plain build wants libsasl2.so.3, which few machines have, so the one
    /// without Kerberos stands second. The same file loaded twice is one library, so both always agree.
    /// </summary>
    private static readonly string[] Candidates =
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
            ? ["alpine-librdkafka"]
            : ["librdkafka", "centos8-librdkafka"];

#pragma warning disable CA2255 // the resolver must stand before the first call, and a static constructor would cost every call a check
    [ModuleInitializer]
    internal static void ResolveLibrary() => NativeLibrary.SetDllImportResolver(typeof(MockApi).Assembly, Resolve);
#pragma warning restore CA2255

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Librdkafka)
            return IntPtr.Zero;
        foreach (var candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(Library).Assembly, searchPath: null, out var handle))
                return handle;
        }

        // Windows keeps its build in a folder that only Confluent.Kafka knows: once loaded there, the name is enough.
        _ = Library.Version;
        if (NativeLibrary.TryLoad(Librdkafka, out var loaded))
            return loaded;
        throw new DllNotFoundException(
            $"The embedded broker needs librdkafka for '{RuntimeInformation.RuntimeIdentifier}', and none of {string.Join(", ", Candidates)} is beside the application. " +
            "Package librdkafka.redist has it for linux-x64, linux-arm64, linux-musl-x64, osx-arm64, osx-x64 and win-x64; elsewhere set Kafka:BootstrapServers to a real broker.");
    }

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_conf_new")]
    internal static partial IntPtr ConfNew();

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int ConfSet(IntPtr conf, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_new")]
    internal static unsafe partial IntPtr New(int type, IntPtr conf, byte* error, nuint errorSize);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_destroy")]
    internal static partial void Destroy(IntPtr client);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_new")]
    internal static partial IntPtr ClusterNew(IntPtr client, int brokers);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    internal static partial void ClusterDestroy(IntPtr cluster);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    internal static partial IntPtr Bootstraps(MockClusterHandle cluster);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TopicCreate(MockClusterHandle cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TopicDelete(MockClusterHandle cluster, string topic);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TopicSetError(MockClusterHandle cluster, string topic, int error);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_set_controller_id")]
    internal static partial void SetControllerId(MockClusterHandle cluster, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_set_apiversion")]
    internal static partial int SetApiVersion(MockClusterHandle cluster, short api, short min, short max);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    internal static partial void SetGroupInitialRebalanceDelay(MockClusterHandle cluster, int milliseconds);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_set_group_consumer_heartbeat_interval_ms")]
    internal static partial void SetGroupHeartbeatInterval(MockClusterHandle cluster, int milliseconds);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_set_group_consumer_session_timeout_ms")]
    internal static partial void SetGroupSessionTimeout(MockClusterHandle cluster, int milliseconds);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_down")]
    internal static partial int BrokerSetDown(MockClusterHandle cluster, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_up")]
    internal static partial int BrokerSetUp(MockClusterHandle cluster, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    internal static partial int BrokerSetRoundTrip(MockClusterHandle cluster, int broker, int milliseconds);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_host_port", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int BrokerSetHostPort(MockClusterHandle cluster, int broker, string host, int port);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_error_stack_cnt")]
    internal static partial int BrokerErrorCount(MockClusterHandle cluster, int broker, short api, out nuint count);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    internal static partial void PushRequestErrors(MockClusterHandle cluster, short api, nuint count, int[] errors);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    internal static partial void ClearRequestErrors(MockClusterHandle cluster, short api);

    /// <summary>Variadic in C. Linux and Windows pass such arguments like any others.</summary>
    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_push_request_error_rtts")]
    internal static partial int BrokerPushErrorRoundTrip(MockClusterHandle cluster, int broker, short api, nuint count, int error, int milliseconds);

    /// <summary>Apple's arm64 passes variadic arguments on the stack, eight bytes each: four fillers use the registers up.</summary>
    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_push_request_error_rtts")]
    internal static partial int BrokerPushErrorRoundTripApple(
        MockClusterHandle cluster, int broker, short api, nuint count, long fill1, long fill2, long fill3, long fill4, long error, long milliseconds);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int PartitionSetLeader(MockClusterHandle cluster, string topic, int partition, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_partition_delete_records", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int PartitionDeleteRecords(MockClusterHandle cluster, string topic, int partition, long before);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_coordinator_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int CoordinatorSet(MockClusterHandle cluster, string keyType, string key, int broker);
}
