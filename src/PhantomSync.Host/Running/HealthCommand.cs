using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Running;

/// <summary>Asks a running host how it is, for containers without curl.</summary>
internal static class HealthCommand
{
    public static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UserErrorException($"'{url}' is not an address. Write http://localhost:8080/health/ready for instance.");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(8) };
        try
        {
            using var response = await client.GetAsync(address, cancellationToken);
            Console.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {exception.Message}");
            return 1;
        }
    }
}
