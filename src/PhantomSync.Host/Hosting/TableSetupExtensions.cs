using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PhantomSync.Host.Hosting;

internal static class TableSetupExtensions
{
    /// <summary>Creates the context's tables when the host starts.</summary>
    public static void AddTableSetup<TDbContext>(this IServiceCollection services)
        where TDbContext : DbContext
    {
        services.TryAddSingleton<TableSetup<TDbContext>>();
        services.AddSingleton<ITableSetup>(provider => provider.GetRequiredService<TableSetup<TDbContext>>());
        services.AddHostedService(provider => provider.GetRequiredService<TableSetup<TDbContext>>());
    }
}
