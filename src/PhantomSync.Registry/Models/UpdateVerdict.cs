namespace PhantomSync.Registry.Models;

internal enum UpdateVerdict
{
    Apply,
    ApplyDespiteMismatch,
    Repeated,
    AfterDeletion,
    OwnAnnouncement,
}
