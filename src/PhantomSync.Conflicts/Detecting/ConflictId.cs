using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>The id of a conflict is made of what it is about, so that finding it again does not open another.</summary>
internal static class ConflictId
{
    public static Guid Of(ResourceKey resource, IEnumerable<string> changeIds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (IEnumerable<string>)["conflict", resource.TenantId, resource.ResourceType, resource.ResourceId, .. changeIds.Order(StringComparer.Ordinal)])
        {
            // Lengths keep parts apart that would read the same when put together.
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
