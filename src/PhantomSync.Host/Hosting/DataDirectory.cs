namespace PhantomSync.Host.Hosting;

/// <summary>The folder of the embedded databases, held by one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockFile = "host.lock";

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <exception cref="UserErrorException">It cannot be written to, or another process works in it.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--data {path}: the folder cannot be created ({exception.Message}). Give one that this user may write to.", exception);
        }

        try
        {
            return new DataDirectory(path, new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException($"--data {path}: the folder is not writable ({exception.Message}). Give one that this user may write to.", exception);
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"--data {path}: another phantomsync process works in this folder, or it is not writable ({exception.Message}). End that one, or give another folder.", exception);
        }
    }

    /// <summary>For looking into databases that another process may be working with.</summary>
    /// <exception cref="UserErrorException">It does not exist.</exception>
    public static DataDirectory Share(string path) => Directory.Exists(path)
        ? new DataDirectory(path, null)
        : throw new UserErrorException($"--data {path}: there is no such folder. Give the one that 'run' or 'demo' works in.");

    /// <summary>Whether a process works in the folder.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var held = new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public string ConnectionString(string name) => $"Data Source={System.IO.Path.Combine(Path, name + ".db")}";

    public void Dispose() => _lock?.Dispose();
}
