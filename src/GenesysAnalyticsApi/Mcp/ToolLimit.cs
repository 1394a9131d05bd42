using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Limits the rows of a result, and states what was left out.</summary>
internal static class ToolLimit
{
    /// <exception cref="ProblemException">The limit is not positive, or above the maximum.</exception>
    public static int Of(int? limit, int most) => limit is { } given && (given < 1 || given > most)
        ? throw new ProblemException(ProblemFactory.InvalidRequest(new Dictionary<string, string[]> { ["limit"] = [FormattableString.Invariant($"'{given}' is not a number of rows from 1 to {most}.")] }))
        : limit ?? most;

    /// <returns>Null if nothing was left out.</returns>
    public static string? LeftOut(int total, int returned, string what, string remedy) =>
        total <= returned ? null : FormattableString.Invariant($"{total - returned} of {total} {what} are not shown. {remedy}, or raise limit up to the maximum.");
}
