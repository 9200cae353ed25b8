using System.Security.Cryptography;
using System.Text;

namespace PhantomSync.Sagas;

/// <summary>Which instance a job or a tenant has: an id that follows from their names (RFC 9562, version 8), so that nobody has to look it up.</summary>
public static class SagaId
{
    /// <summary>The instance of a training job.</summary>
    public static Guid OfJob(string tenantId, string jobId) => Of("training-lifecycle", tenantId, jobId);

    /// <summary>The instance of a tenant's suspensions.</summary>
    public static Guid OfTenant(string tenantId) => Of("tenant-suspension", tenantId, "");

    private static Guid Of(string saga, string tenantId, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{saga}\n{tenantId.Length}\n{tenantId}\n{name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
