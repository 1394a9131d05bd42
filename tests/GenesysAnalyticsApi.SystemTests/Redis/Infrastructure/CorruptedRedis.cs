using System.Security.Cryptography;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Tests.Infrastructure;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Values as somebody plants them who can write to Redis: with a checksum that is right.</summary>
internal static class CorruptedRedis
{
    private const int SumLength = 8;

    /// <summary>Anything between damage and malice, whatever the layout: a few bytes set, put in or taken out, and the checksum made to fit again.</summary>
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

    /// <summary>Anything but the type that a replica gives the key.</summary>
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
