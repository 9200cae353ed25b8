namespace PhantomSync.Contracts;

/// <summary>What became of a cascade command, as it is called on the wire.</summary>
public static class CascadeOutcome
{
    /// <summary>It was carried out.</summary>
    public const string Done = "done";

    /// <summary>It had been carried out before; nothing changed.</summary>
    public const string Repeated = "repeated";

    /// <summary>The service knows of something newer; nothing changed.</summary>
    public const string Superseded = "superseded";
}
