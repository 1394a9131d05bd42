using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Limits the rows of a result, and states what was left out.</summary>
internal static class ToolRowLimit
{
    /// <exception cref="ProblemException">The limit is not positive, or above the maximum.</exception>
    public static int Of(int? limit, int maximum) => limit is { } given && (given < 1 || given > maximum)
        ? throw new ProblemException(ProblemFactory.InvalidRequest(new Dictionary<string, string[]> { ["limit"] = [FormattableString.Invariant($"'{given}' is not a number of rows from 1 to {maximum}.")] }))
        : limit ?? maximum;

    /// <param name="maximum">The largest limit. A caller that gave a lower one can raise it.</param>
    /// <returns>Null if nothing was left out.</returns>
    public static string? LeftOut(int total, int returned, int maximum, string what, string remedy) =>
        total <= returned ? null : FormattableString.Invariant($"{total - returned} of {total} {what} are not shown. {remedy}{(returned < maximum ? $", or raise limit (at most {maximum})" : "")}.");
}
