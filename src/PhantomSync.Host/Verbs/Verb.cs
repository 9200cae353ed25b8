using System.CommandLine;

namespace PhantomSync.Host.Verbs;

/// <summary>A command that does something, unlike one that only groups others.</summary>
internal sealed class Verb(string name, VerbEffect effect, string description) : Command(name, description)
{
    public VerbEffect Effect => effect;
}
