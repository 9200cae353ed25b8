namespace PhantomSync.Registry.Models;

internal enum UpdateVerdict
{
    Apply,
    AfterDeletion,
    OwnAnnouncement,
}
