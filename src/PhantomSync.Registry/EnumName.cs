using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace PhantomSync.Registry;

/// <summary>Stores an enumeration's value by its name in snake case, so that people can read and query it.</summary>
internal sealed class EnumName<T>() : ValueConverter<T, string>(value => Written(value), name => Read(name))
    where T : struct, Enum
{
    private static string Written(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static T Read(string name) => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
