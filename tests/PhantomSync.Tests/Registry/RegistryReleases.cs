using System.Runtime.CompilerServices;

namespace PhantomSync.Tests.Registry;

/// <summary>The registry's tables as past releases made them: the scripts beside this file.</summary>
internal static class RegistryReleases
{
    public static string Latest(bool postgres) => File.ReadAllText(Path.Combine(Folder(), $"0.1.0-{(postgres ? "postgres" : "sqlite")}.sql"));

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Releases");
}
