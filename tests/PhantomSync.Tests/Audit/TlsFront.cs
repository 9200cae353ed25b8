using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PhantomSync.Tests.Audit;

/// <summary>Speaks TLS with a certificate and whatever others are to be sent along, and passes on to a server that does not.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslStreamCertificateContext _certificates;
    private readonly Uri _target;
    private readonly Task _serving;

    public TlsFront(Uri target, X509Certificate2 certificate, X509Certificate2 alsoSent)
    {
        _target = target;
        _certificates = SslStreamCertificateContext.Create(certificate, [alsoSent], offline: true);
        _listener.Start();
        Address = new Uri($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = PassOnAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task PassOnAsync(TcpClient client)
    {
        try
        {
            using var caller = client;
            await using var secured = new SslStream(caller.GetStream());
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificates });
            using var server = new TcpClient();
            await server.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(secured.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(secured));
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or SocketException)
        {
            // The caller did not believe the certificate, or has gone.
        }
    }
}
