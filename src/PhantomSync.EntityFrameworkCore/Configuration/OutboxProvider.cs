namespace PhantomSync.EntityFrameworkCore;

internal enum OutboxProvider
{
    Unset,
    Postgres,
    Sqlite,
}
