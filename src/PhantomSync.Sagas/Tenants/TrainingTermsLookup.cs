using Microsoft.Extensions.Options;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas.Tenants;

/// <summary>Finds a tenant's terms as they are now.</summary>
internal sealed class TrainingTermsLookup(SagasDbContext sagas, IOptions<TrainingSuspensionOptions> options)
{
    /// <summary>The tenant's own events come in order, so its tier is the one before the event at hand.</summary>
    public async Task<TrainingTerms> OfAsync(string tenantId, CancellationToken cancellationToken)
    {
        var tier = (await sagas.FindAsync<KnownTenant>([tenantId], cancellationToken))?.Tier;
        return new TrainingTerms(tier, options.Value.Of(tier));
    }
}
