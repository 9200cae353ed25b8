namespace PhantomSync.EntityFrameworkCore;

/// <summary>Says that this process makes or upgrades a context's tables. Registered in the container, its service begins when that has succeeded, and never where it was refused.</summary>
/// <param name="ContextType">Whose tables.</param>
/// <param name="Done">Ends when they are there.</param>
public sealed record TableUpgrade(Type ContextType, Task Done);
