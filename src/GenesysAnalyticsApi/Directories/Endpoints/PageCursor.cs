using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>
/// The position of the next page: after an entry in the sort order, not an offset, so that entries added or removed between pages cause neither repeats
/// nor gaps. Opaque to callers.
/// </summary>
/// <param name="Filter">Hash of the page's filter. Eight bytes suffice to distinguish filters; the hash is not a secret.</param>
internal sealed record PageCursor(ulong Filter, string Name, string Id)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ulong HashOf(string filter) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(filter)));

    /// <summary>Filter, id and name. The name is last, because it may contain any character.</summary>
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
            // Callers can send anything. Text that this service did not write is not a valid cursor.
        }

        return cursor is not null;
    }
}
