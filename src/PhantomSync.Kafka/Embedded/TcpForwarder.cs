using System.Net;
using System.Net.Sockets;

namespace PhantomSync.Kafka.Embedded;

/// <summary>Gives a listener on a random port a second, fixed one on the same machine.</summary>
internal sealed class TcpForwarder : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;

    /// <exception cref="SocketException">The port is in use or not allowed.</exception>
    public TcpForwarder(int port, IPEndPoint target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        while (true)
        {
            try
            {
                _ = ForwardAsync(await _listener.AcceptSocketAsync(stop), stop);
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException || stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that gave up before it was accepted; the next one is served.
            }
        }
    }

    private async Task ForwardAsync(Socket client, CancellationToken stop)
    {
        using (client)
        using (var server = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_target, stop);
                await Task.WhenAny(CopyAsync(client, server, stop), CopyAsync(server, client, stop));
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // One side hung up: so does the other, and the client sees what it would have seen without us.
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Ends the pair, see ForwardAsync.
        }
    }
}
