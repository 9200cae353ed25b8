namespace PhantomSync.Contracts.Wire;

/// <summary>The names of the numbers that JSON does not have.</summary>
internal static class NonFiniteText
{
    public const string Expected = "\"NaN\", \"Infinity\" or \"-Infinity\"";

    public static string Of(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    public static double? Parse(string? text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };
}
