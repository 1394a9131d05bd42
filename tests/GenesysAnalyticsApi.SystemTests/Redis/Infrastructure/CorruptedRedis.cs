using System.Security.Cryptography;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Tests.Infrastructure;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Corrupted values with a valid checksum. An attacker with write access to Redis could store such values.</summary>
internal static class CorruptedRedis
{
    private const int SumLength = 8;

    /// <summary>Random or malicious damage, independent of the layout: a few bytes are changed, inserted or removed, and the checksum is recomputed.</summary>
    public static Gen<byte[]> Mutation(byte[] valid) => Gen
        .Select(Gen.Int[0, 2], Gen.Int[VersionedPayload.HeadLength, valid.Length - SumLength - 1], Gen.OneOf(Gen.Byte, GenChoice.OneOf<byte>(0, 1, 127, 128, 254, 255)))
        .Array[1, 6]
        .Select(edits =>
        {
            List<byte> bytes = [.. valid[..^SumLength]];
            foreach (var (kind, wanted, value) in edits)
            {
                var place = Math.Min(wanted, bytes.Count - 1);
                switch (kind)
                {
                    case 0:
                        bytes[place] = value;
                        break;
                    case 1:
                        bytes.Insert(place, value);
                        break;
                    default:
                        if (bytes.Count > VersionedPayload.HeadLength + 1)
                        {
                            bytes.RemoveAt(place);
                        }

                        break;
                }
            }

            return WithSum([.. bytes]);
        });

    public static byte[] WithSum(byte[] bytes) => [.. bytes, .. SHA256.HashData(bytes).AsSpan(0, SumLength)];

    /// <summary>Stores a value that no replica can read: a hash, a list, a set or an invalid string, depending on <paramref name="kind"/>.</summary>
    public static async Task OfAnotherTypeAsync(IDatabase database, RedisKey key, int kind)
    {
        await database.KeyDeleteAsync(key);
        switch (kind % 4)
        {
            case 0:
                await database.HashSetAsync(key, "field", "value");
                break;
            case 1:
                await database.ListRightPushAsync(key, "value");
                break;
            case 2:
                await database.SetAddAsync(key, "value");
                break;
            default:
                await database.StringSetAsync(key, "\u0001 neither this nor that");
                break;
        }
    }
}
