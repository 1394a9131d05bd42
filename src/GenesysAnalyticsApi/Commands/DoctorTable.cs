using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>Prints the results for a terminal: one line per check, with the remedy and the details below this line, and one line with the totals.</summary>
internal static class DoctorTable
{
    private const int ConditionWidth = 9;

    public static void Write(DoctorResponse response, TextWriter output)
    {
        var nameWidth = response.Examinations.Max(result => result.Name.Length) + 2;
        var indent = new string(' ', ConditionWidth + nameWidth);
        foreach (var result in response.Examinations)
        {
            output.WriteLine($"{Word(result.Condition).PadRight(ConditionWidth)}{result.Name.PadRight(nameWidth)}{LogSanitizer.Of(result.Finding)}");
            foreach (var line in result.Remedy?.Split('\n') ?? [])
            {
                output.WriteLine($"{indent}> {LogSanitizer.Of(line)}");
            }

            foreach (var (name, value) in IsDetailed(result) ? result.Details ?? EmptyDetails : EmptyDetails)
            {
                output.WriteLine($"{indent}  {name}: {LogSanitizer.Of(value)}");
            }
        }

        var counts = response.Examinations.CountBy(result => result.Condition).OrderBy(count => count.Key).Select(count => $"{count.Value} {Word(count.Key)}");
        output.WriteLine();
        output.WriteLine($"{(response.Healthy ? "Healthy" : "Not healthy")}: {string.Join(", ", counts)}. {response.Calls} {(response.Calls == 1 ? "request was" : "requests were")} sent to Genesys.");
    }

    private static Dictionary<string, string> EmptyDetails { get; } = [];

    // Details are shown after a failure, where they contain the error that Genesys returned, and for the limits check, where they contain the result.
    private static bool IsDetailed(DiagnosticResult result) => result.Condition == CheckStatus.Failed || result.Name == DiagnosticNames.Limits;

    private static string Word(CheckStatus condition) => $"{condition}".ToLowerInvariant();
}
