using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Hosting;

internal static class TableSetupExtensions
{
    /// <summary>Creates and upgrades the context's tables when the host starts; its service waits for them.</summary>
    public static void AddTableSetup<TDbContext>(this IServiceCollection services)
        where TDbContext : DbContext
    {
        services.TryAddSingleton<TableSetup<TDbContext>>();
        services.AddSingleton<ITableSetup>(provider => provider.GetRequiredService<TableSetup<TDbContext>>());
        services.AddSingleton(provider => new TableUpgrade(typeof(TDbContext), provider.GetRequiredService<TableSetup<TDbContext>>().Done));
        services.AddHostedService(provider => provider.GetRequiredService<TableSetup<TDbContext>>());
    }
}
