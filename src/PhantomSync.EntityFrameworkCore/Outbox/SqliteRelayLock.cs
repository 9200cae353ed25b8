namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>The right to relay for an SQLite file: a lock of the operating system, free as soon as its process is gone.</summary>
internal sealed class SqliteRelayLock : IDisposable
{
    private readonly FileStream? _file;

    private SqliteRelayLock(FileStream? file) => _file = file;

    /// <summary>Null where another session, here or in another process, has it.</summary>
    public static SqliteRelayLock? TryTake(string database)
    {
        if (database.Length == 0 || database == ":memory:")
            return new SqliteRelayLock(null);
        try
        {
            return new SqliteRelayLock(new FileStream(database + ".relay.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file?.Dispose();
}
