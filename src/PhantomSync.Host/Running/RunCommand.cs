using Microsoft.AspNetCore.Builder;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Running;

/// <summary>Runs the services until they are told to stop.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(PlatformOptions platform, LogLevel logLevel, string urls, CancellationToken cancellationToken)
    {
        await using var host = await PlatformHost.CreateAsync(platform, logLevel, urls, _ => { }, cancellationToken, PlatformRole.Platform);
        try
        {
            await host.Host.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"--urls {urls}: {exception.Message} Give another port.", exception);
        }

        try
        {
            await host.DatabasesReadyAsync(Console.Error.WriteLine, cancellationToken);
            Console.WriteLine($"PhantomSync runs on {host.Description}; health and metrics at {string.Join(", ", ((WebApplication)host.Host).Urls)}. Ctrl+C stops it.");
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            await host.Host.StopAsync(CancellationToken.None);
        }

        return 0;
    }
}
