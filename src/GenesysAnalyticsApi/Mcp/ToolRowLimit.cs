using GenesysAnalyticsApi.Mcp.Protocol;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Limits the number of rows in a result, and states how many rows were omitted.</summary>
internal static class ToolRowLimit
{
    /// <returns>The limit; the maximum if the limit is less than 1 or greater than the maximum, which is a fault.</returns>
    public static int Of(int? limit, int maximum, ArgumentFaults faults)
    {
        if (limit is not { } requested || (requested >= 1 && requested <= maximum))
        {
            return limit ?? maximum;
        }

        faults.Add("limit", FormattableString.Invariant($"'{requested}' is not a whole number of rows from 1 to {maximum}."));
        return maximum;
    }

    /// <param name="maximum">The largest limit that a caller can request. If fewer rows were returned, the text suggests raising the limit.</param>
    /// <returns>Null if no rows were omitted.</returns>
    public static string? LeftOut(int total, int returned, int maximum, string what, string remedy) =>
        total <= returned ? null : FormattableString.Invariant($"{total - returned} of {total} {what} are not shown. {remedy}{(returned < maximum ? $", or raise limit (at most {maximum})" : "")}.");
}
