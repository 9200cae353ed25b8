using System.Runtime.CompilerServices;

namespace PhantomSync.Tests.Contracts;

/// <summary>The files beside this one that say byte by byte what travels.</summary>
internal static class Golden
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder(), name + ".json"));

    public static IEnumerable<string> Names() => Directory.GetFiles(Folder(), "*.json").Select(f => Path.GetFileNameWithoutExtension(f));

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Golden");
}
