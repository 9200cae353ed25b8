namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>What a look at the lanes has changed.</summary>
/// <param name="Held">How many lanes the session owns now.</param>
/// <param name="Gained">Lanes that it did not own before.</param>
/// <param name="Lost">Lanes that it has given up.</param>
/// <param name="Evicted">Sessions of frozen hosts that were ended to free their lanes.</param>
internal readonly record struct LaneChange(int Held, short[] Gained, short[] Lost, int Evicted);
