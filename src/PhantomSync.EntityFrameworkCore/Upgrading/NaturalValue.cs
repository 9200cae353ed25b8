using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>What a new required column holds in the rows that are there, where the model names no default.</summary>
internal static class NaturalValue
{
    /// <summary>
    /// The type's own nothing, as the database stores it: zero, the empty text, an enumeration's first name. What only a
    /// converter can read, and JSON, has none: an empty text there is a fault that shows when it is read.
    /// </summary>
    [SuppressMessage("Trimming", "IL2072", Justification = "The model's types are kept.")]
    public static object? Of(IColumn column)
    {
        if (column.PropertyMappings is not [var mapping, ..] || mapping.TypeMapping.StoreTypeNameBase is "json" or "jsonb" or "xml")
            return null;
        var type = Nullable.GetUnderlyingType(mapping.Property.ClrType) ?? mapping.Property.ClrType;
        var converter = mapping.TypeMapping.Converter;
        if (type.IsValueType)
            return converter is null ? Activator.CreateInstance(type) : converter.ConvertToProvider(Activator.CreateInstance(type));
        if (converter is not null)
            return null;
        return type == typeof(string) ? "" : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0) : null;
    }
}
