using System.Runtime.CompilerServices;
using PhantomSync.Sagas.Diagrams;

namespace PhantomSync.Tests.Sagas;

public sealed class DiagramTests
{
    [Fact, Trait("row", "S19.15")]
    public void The_diagrams_in_docs_are_those_of_the_code()
    {
        foreach (var (file, text) in MermaidDiagram.All())
        {
            var path = Path.Combine(Docs(), file);
            (File.Exists(path) ? File.ReadAllText(path) : "").ShouldBe(
                text, $"docs/{file} is stale. Draw it again: dotnet run --project src/PhantomSync.Host -- saga diagrams docs");
        }
    }

    private static string Docs([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../docs"));
}
