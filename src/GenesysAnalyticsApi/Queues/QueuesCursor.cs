using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.Queues;

/// <summary>
/// Where the next page begins: after a queue's place in the order, not after a number of queues, so that queues which come or go
/// between two pages neither repeat nor hide another. Opaque to callers.
/// </summary>
/// <param name="Filter">What the page was filtered by: eight bytes of a hash, to tell filters apart and not to keep them secret.</param>
internal sealed record QueuesCursor(ulong Filter, string Name, string Id)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ulong HashOf(string filter) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(filter)));

    /// <summary>Filter, id and name; the name last, because it alone may hold any letter.</summary>
    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Filter:x16} {Id} {Name}"));

    public static bool TryRead(string text, [NotNullWhen(true)] out QueuesCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Strict.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
            if (parts is [{ Length: 16 } filter, { Length: > 0 } id, var name]
                && ulong.TryParse(filter, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var hash))
            {
                cursor = new(hash, name, id);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or DecoderFallbackException)
        {
            // Anything can be sent as a cursor; what we did not write is no cursor.
        }

        return cursor is not null;
    }
}
