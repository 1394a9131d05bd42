using System.Globalization;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Jobs;

/// <summary>The cursors of result pages. A cursor contains a plus sign and an equals sign, to expose clients that do not URL-encode the cursor.</summary>
internal static class JobCursor
{
    private const string Page = "page+";
    private const string Again = "again";

    private static int _fresh;

    public static string Of(int page) => string.Create(CultureInfo.InvariantCulture, $"{Page}{page}=");

    /// <summary>Returns a cursor that no earlier page had, for faults. This cursor leads to the first page.</summary>
    public static string Fresh() => string.Create(CultureInfo.InvariantCulture, $"{Again}+{Interlocked.Increment(ref _fresh)}=");

    public static int PageOf(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.StartsWith(Again, StringComparison.Ordinal))
        {
            return 0;
        }

        return cursor.StartsWith(Page, StringComparison.Ordinal)
            && int.TryParse(cursor.AsSpan(Page.Length).TrimEnd('='), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? page
            : throw ApiException.BadRequest($"Value [{cursor}] of cursor is not valid. Use the cursor from the previous page of this job.");
    }
}
