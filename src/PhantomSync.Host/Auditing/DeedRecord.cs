using System.Data.Common;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Hosting;
using PhantomSync.Host.Publishing;

namespace PhantomSync.Host.Auditing;

/// <summary>
/// Records a deed whose own store has no outbox: in the outbox through which records are taken in. The host that runs, or the next
/// one, brings it into the trail. It comes before the deed: what cannot be recorded is not done.
/// </summary>
internal static class DeedRecord
{
    /// <exception cref="UserErrorException">It cannot be recorded.</exception>
    public static async Task AddAsync(PlatformOptions options, Operator by, OperatorDeed deed, CancellationToken cancellationToken)
    {
        if (options.Postgres is null && !File.Exists(Path.Combine(options.DataDirectory, "ingress.db")))
            throw new UserErrorException($"This is audited, and --data {options.DataDirectory} has nothing to record it in. Give the --data or --postgres that 'run' was given.");
        await using var host = await PlatformHost.CreateAsync(options, LogLevel.Error, urls: null, _ => { }, cancellationToken, PlatformRole.Reader);
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IngressDbContext>();
        try
        {
            scope.ServiceProvider.GetRequiredService<OperatorAudit>().Record(context, by, deed);
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception.GetBaseException() is DbException fault)
        {
            throw new UserErrorException($"This is audited, and it cannot be recorded: {fault.Message.ReplaceLineEndings(" ")} Give the --data or --postgres that 'run' was given.", exception);
        }
    }
}
