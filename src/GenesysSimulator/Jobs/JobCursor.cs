using System.Globalization;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Jobs;

/// <summary>Cursors of result pages. They contain a plus sign and an equals sign, to expose clients that do not encode them.</summary>
internal static class JobCursor
{
    private const string Page = "page+";
    private const string Again = "again";

    private static int _fresh;

    public static string Of(int page) => string.Create(CultureInfo.InvariantCulture, $"{Page}{page}=");

    /// <summary>A cursor that no earlier page had, for faults. It leads to the first page.</summary>
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
