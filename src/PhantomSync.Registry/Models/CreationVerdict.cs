namespace PhantomSync.Registry.Models;

internal enum CreationVerdict
{
    Describe,
    Repeated,
    Different,
    AfterDeletion,
}
