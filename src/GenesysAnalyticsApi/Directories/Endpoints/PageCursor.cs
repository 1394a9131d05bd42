using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>
/// The position at which the next page begins. It is the sort key of the last entry of the previous page and not an offset, so entries that are added or
/// removed between two pages cause neither repeats nor gaps. Cursors are opaque to callers.
/// </summary>
/// <param name="Filter">A hash of the query's filters. Eight bytes suffice to distinguish filters, and the hash is not a secret.</param>
internal sealed record PageCursor(ulong Filter, string Name, string Id)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ulong HashOf(string filter) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(filter)));

    /// <summary>Encodes the filter hash, the id and the name. The name comes last, because it can contain any character.</summary>
    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Filter:x16} {Id} {Name}"));

    public static bool TryRead(string text, [NotNullWhen(true)] out PageCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Strict.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
            if (parts is [{ Length: 16 } filter, { Length: > 0 } id, var name]
                && ulong.TryParse(filter, NumberStyles.AllowHexSpecifier, null, out var hash))
            {
                cursor = new(hash, name, id);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or DecoderFallbackException)
        {
            // Callers can send any text. Text that cannot be decoded is not a valid cursor.
        }

        return cursor is not null;
    }
}
