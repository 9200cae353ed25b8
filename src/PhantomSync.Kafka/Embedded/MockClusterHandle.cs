using System.Runtime.InteropServices;
using System.Text;

namespace PhantomSync.Kafka.Embedded;

/// <summary>A cluster and the client that librdkafka wants it to hang on; freed together, and never under a running call.</summary>
internal sealed class MockClusterHandle : SafeHandle
{
    private const int Producer = 0;
    private const int LogLevelError = 3;
    private readonly IntPtr _client;

    private MockClusterHandle(IntPtr client, IntPtr cluster)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        _client = client;
        SetHandle(cluster);
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    public static unsafe MockClusterHandle Create(int brokers)
    {
        Span<byte> error = stackalloc byte[512];
        fixed (byte* errorText = error)
        {
            var conf = MockApi.ConfNew();
            _ = MockApi.ConfSet(conf, "log_level", $"{LogLevelError}", errorText, (nuint)error.Length);
            var client = MockApi.New(Producer, conf, errorText, (nuint)error.Length);
            if (client == IntPtr.Zero)
                throw new InvalidOperationException($"librdkafka refused to start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
            var cluster = MockApi.ClusterNew(client, brokers);
            if (cluster == IntPtr.Zero)
            {
                MockApi.Destroy(client);
                throw new InvalidOperationException($"librdkafka could not open {brokers} listeners on 127.0.0.1 for the embedded broker.");
            }

            return new MockClusterHandle(client, cluster);
        }
    }

    protected override bool ReleaseHandle()
    {
        MockApi.ClusterDestroy(handle);
        MockApi.Destroy(_client);
        return true;
    }
}
