using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Limits the number of rows in a result, and states how many rows were omitted.</summary>
internal static class ToolRowLimit
{
    /// <exception cref="ProblemException">The limit is less than 1 or greater than the maximum.</exception>
    public static int Of(int? limit, int maximum) => limit is { } requested && (requested < 1 || requested > maximum)
        ? throw new ProblemException(ProblemFactory.InvalidRequest(new Dictionary<string, string[]> { ["limit"] = [FormattableString.Invariant($"'{requested}' is not a number of rows from 1 to {maximum}.")] }))
        : limit ?? maximum;

    /// <param name="maximum">The largest limit that a caller can request. If fewer rows were returned, the text suggests raising the limit.</param>
    /// <returns>Null if no rows were omitted.</returns>
    public static string? LeftOut(int total, int returned, int maximum, string what, string remedy) =>
        total <= returned ? null : FormattableString.Invariant($"{total - returned} of {total} {what} are not shown. {remedy}{(returned < maximum ? $", or raise limit (at most {maximum})" : "")}.");
}
