using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Kafka;

public sealed class EmbeddedBrokerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("row", "S10.01")]
    public async Task Topics_are_created_once_and_a_change_of_partitions_is_refused()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), cancellation: Cancellation);
        (await broker.EnsureTopicsAsync(["a", "b"], 3, Cancellation)).ShouldBe(["a", "b"], ignoreOrder: true);
        (await broker.EnsureTopicsAsync(["a", "b", "c"], 3, Cancellation)).ShouldBe(["c"]);
        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => broker.EnsureTopicsAsync(["a"], 4, Cancellation));
        refusal.Message.ShouldContain("'a'");
        refusal.Message.ShouldContain("3 partitions");
        await Should.ThrowAsync<ArgumentException>(() => broker.EnsureTopicsAsync(["a b"], 4, Cancellation));
    }

    [Fact]
    public async Task A_killed_broker_is_replaced_and_its_topics_are_there_again()
    {
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        await broker.EnsureTopicsAsync(["t"], 2, Cancellation);
        var connection = Brokers.Connect(broker);
        await using var sender = new KafkaRecordSender(connection);
        var reports = new Reports();
        sender.Send(Brokers.Record("t"), reports, 0);
        (await reports.Of(0)).Outcome.ShouldBe(DeliveryOutcome.Stored);

        var (incarnation, life, process, restarts) = (broker.Incarnation, log.Incarnation, broker.ProcessId, 0);
        broker.Restarted += () => Interlocked.Increment(ref restarts);
        Process.GetProcessById(process).Kill();
        await Wait.ForAsync(() => Volatile.Read(ref restarts) == 1, "the broker is back");

        broker.Incarnation.ShouldNotBe(incarnation);
        broker.ProcessId.ShouldNotBe(process);
        log.Incarnation.ShouldBe(life + 1);
        connection.ReadAll("t", 2).ShouldBeEmpty();
        sender.Send(Brokers.Record("t"), reports, 1);
        (await reports.Of(1)).Outcome.ShouldBe(DeliveryOutcome.Stored);
        await reports.AreComplete(2);
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_broker_was_killed_is_reported_once()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), cancellation: Cancellation);
        await broker.EnsureTopicsAsync(["t"], 4, Cancellation);
        await using var sender = new KafkaRecordSender(Brokers.Connect(broker));
        var reports = new Reports();
        for (var i = 0; i < 20_000; i++)
        {
            sender.Send(Brokers.Record("t", $"{i}"), reports, i);
            if (i == 10_000)
                Process.GetProcessById(broker.ProcessId).Kill();
        }

        await reports.AreComplete(20_000);
    }

    [Fact]
    public async Task Disposing_ends_the_process()
    {
        var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), cancellation: Cancellation);
        using var process = Process.GetProcessById(broker.ProcessId);
        await broker.DisposeAsync();
        process.HasExited.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fixed_port_serves_produce_and_consume_also_after_a_restart()
    {
        var port = FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(new VolatileLog(), new EmbeddedBrokerOptions { Port = port }, cancellation: Cancellation);
        broker.BootstrapServers.ShouldBe($"127.0.0.1:{port}");
        await broker.EnsureTopicsAsync(["t"], 1, Cancellation);
        var connection = Brokers.Connect(broker);
        await using var sender = new KafkaRecordSender(connection);
        var reports = new Reports();
        sender.Send(Brokers.Record("t", body: "one"), reports, 0);
        (await reports.Of(0)).Outcome.ShouldBe(DeliveryOutcome.Stored);
        connection.ReadAll("t", 1).Count.ShouldBe(1);

        var restarted = new TaskCompletionSource();
        broker.Restarted += restarted.SetResult;
        Process.GetProcessById(broker.ProcessId).Kill();
        await restarted.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        broker.BootstrapServers.ShouldBe($"127.0.0.1:{port}");
        sender.Send(Brokers.Record("t", body: "two"), reports, 1);
        (await reports.Of(1)).Outcome.ShouldBe(DeliveryOutcome.Stored);
        connection.ReadAll("t", 1).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_port_in_use_is_said_plainly()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            EmbeddedBroker.StartAsync(new VolatileLog(), new EmbeddedBrokerOptions { Port = port }, cancellation: Cancellation));
        failure.Message.ShouldContain($"127.0.0.1:{port}");
        failure.Message.ShouldContain("AddressAlreadyInUse");
    }

    [Fact]
    public async Task A_command_that_is_no_broker_is_said_plainly()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => EmbeddedBroker.StartAsync(
            new VolatileLog(), new EmbeddedBrokerOptions { Command = () => new ProcessStartInfo("dotnet", ["--version"]) }, cancellation: Cancellation));
        failure.Message.ShouldContain("is not a broker");
        failure = await Should.ThrowAsync<InvalidOperationException>(() => EmbeddedBroker.StartAsync(
            new VolatileLog(), new EmbeddedBrokerOptions { Command = () => new ProcessStartInfo("no-such-program") }, cancellation: Cancellation));
        failure.Message.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task The_server_ends_with_its_input_and_answers_what_it_does_not_understand()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        (await BrokerServer.RunAsync([], new StringReader("create-topic a 1\nmake tea\n"), output, errors)).ShouldBe(0);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldContain("bootstrapServers");
        lines[1].ShouldBe("created");
        lines[2].ShouldStartWith("error 'make tea'");
        (await BrokerServer.RunAsync(["--port", "0"], TextReader.Null, output, errors)).ShouldBe(BrokerServer.Misused);
        errors.ToString().ShouldContain("--port 0");
    }

    [Fact]
    public async Task The_broker_dies_with_a_parent_that_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's word on a parent's death");

        // The shell dies by SIGKILL while another process still holds the broker's input open.
        var command = BrokerCommand.Default();
        var words = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(static word => $"'{word}'"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"sleep 60 2>/dev/null | {words} & echo $!; wait"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var parent = Process.Start(start)!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync(Cancellation))!);
        (await parent.StandardOutput.ReadLineAsync(Cancellation))!.ShouldContain("bootstrapServers");
        IsAlive(child).ShouldBeTrue();
        parent.Kill();
        await Wait.ForAsync(() => !IsAlive(child), "the broker is gone");
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
