using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>Takes the context that keeps a saga, whatever the saga.</summary>
internal interface ISagaContextChoice
{
    void ExistingDbContext<TDbContext>()
        where TDbContext : DbContext;
}
