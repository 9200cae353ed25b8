using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>What Entity Framework asks the database when a handler calls <c>FindAsync</c>: learned by having it do so once.</summary>
/// <param name="Sql">The query, whose parameters are the key's values in their order; null where it has others, too.</param>
internal sealed record FindQuery(string? Sql)
{
    /// <param name="context">The context.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="key">A key of which there is no row.</param>
    /// <param name="stored">The same as the database knows it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<FindQuery> LearnAsync(DbContext context, Type entity, RowKey key, RowKey stored, CancellationToken cancellationToken)
    {
        var absent = AbsentRows.Of(context);
        absent.Observing = command => absent.Seen = KeyOf(command).Equals(stored) ? command.CommandText : null;
        try
        {
            await context.FindAsync(entity, key.Values, cancellationToken);
            return new FindQuery(absent.Seen);
        }
        finally
        {
            absent.Observing = null;
        }
    }

    public static RowKey KeyOf(DbCommand command)
    {
        var values = new object?[command.Parameters.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = command.Parameters[i].Value;
        return new RowKey(values);
    }
}
