using System.Diagnostics;

namespace PhantomSync.Tests.Riding;

/// <summary>A Kafka client that shares no code with ours but librdkafka: <c>apt-get install kcat</c>.</summary>
internal static class Kcat
{
    public static void Require()
    {
        if ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "kcat"))))
            return;
        const string Missing = "There is no kcat: apt-get install kcat, or brew install kcat.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(Missing);
        Assert.Skip(Missing);
    }

    public static async Task<string> RunAsync(string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo("kcat", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        process.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
