using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PhantomSync.Kafka.Embedded;

/// <summary>
/// What the broker's own process runs. It prints one line of JSON (<c>bootstrapServers</c>, <c>incarnation</c>), then obeys the
/// lines it reads, answering each with one line, and ends when its input does: with its parent, however that dies.
/// </summary>
public static class BrokerServer
{
    /// <summary>The arguments are not understood.</summary>
    public const int Misused = 64;

    /// <summary>The wanted port cannot be had.</summary>
    public const int PortTaken = 69;

    /// <summary>Serves on the console's streams.</summary>
    /// <param name="args"><c>--port N</c> for a fixed port on 127.0.0.1; nothing for a free one.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var parent = ParentDeath.Watch();
        return await RunAsync(args, Console.In, Console.Out, Console.Error);
    }

    internal static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        int? port = null;
        if (args is ["--port", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536)
            port = number;
        else if (args.Length > 0)
        {
            await errors.WriteLineAsync($"broker: '{string.Join(' ', args)}' is not understood. Usage: broker [--port 1..65535]");
            return Misused;
        }

        using var cluster = new MockCluster();
        TcpForwarder? forwarder = null;
        try
        {
            if (port is not null)
            {
                forwarder = new TcpForwarder(port.Value, IPEndPoint.Parse(cluster.BootstrapServers));
                cluster.Advertise("127.0.0.1", port.Value);
            }

            var address = port is null ? cluster.BootstrapServers : $"127.0.0.1:{port}";
            await AnswerAsync(output, JsonSerializer.Serialize(new BrokerReady(address, Guid.CreateVersion7()), BrokerJson.Default.BrokerReady));
            while (await input.ReadLineAsync() is { } line)
                await AnswerAsync(output, Obey(cluster, line));
            return 0;
        }
        catch (SocketException taken) when (forwarder is null)
        {
            await errors.WriteLineAsync($"broker: cannot listen on 127.0.0.1:{port} ({taken.SocketErrorCode}). Choose another port, or none for a free one.");
            return PortTaken;
        }
        catch (IOException)
        {
            return 0; // Nobody reads our answers any more: the parent is gone.
        }
        finally
        {
            forwarder?.Dispose();
        }
    }

    private static async Task AnswerAsync(TextWriter output, string line)
    {
        await output.WriteLineAsync(line);
        await output.FlushAsync();
    }

    private static string Obey(MockCluster cluster, string line)
    {
        try
        {
            return line.Split(' ') switch
            {
                ["create-topic", var topic, var partitions] when int.TryParse(partitions, out var count) => cluster.CreateTopic(topic, count) ? "created" : "exists",
                _ => $"error '{line}' is not understood. Commands: create-topic NAME PARTITIONS",
            };
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            return $"error {failure.Message.ReplaceLineEndings(" ")}";
        }
    }
}
