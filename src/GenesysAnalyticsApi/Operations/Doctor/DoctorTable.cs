namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>The answer for a terminal: a line an examination, what to do beneath it.</summary>
internal static class DoctorTable
{
    private const int ConditionWidth = 9;

    public static void Write(DoctorAnswer answer, TextWriter output)
    {
        var nameWidth = answer.Examinations.Max(one => one.Name.Length) + 2;
        var indent = new string(' ', ConditionWidth + nameWidth);
        foreach (var one in answer.Examinations)
        {
            output.WriteLine($"{Word(one.Condition).PadRight(ConditionWidth)}{one.Name.PadRight(nameWidth)}{OneLine.Of(one.Finding)}");
            foreach (var line in one.Remedy?.Split('\n') ?? [])
            {
                output.WriteLine($"{indent}> {OneLine.Of(line)}");
            }

            // What Genesys said itself is needed where something failed, and in the way where all is well.
            foreach (var (name, value) in one.Condition == ExaminationCondition.Failed ? one.Details ?? EmptyDetails : EmptyDetails)
            {
                output.WriteLine($"{indent}  {name}: {OneLine.Of(value)}");
            }
        }

        var counts = answer.Examinations.CountBy(one => one.Condition).OrderBy(one => one.Key).Select(one => $"{one.Value} {Word(one.Key)}");
        output.WriteLine();
        output.WriteLine($"{(answer.Healthy ? "Healthy" : "Not healthy")}: {string.Join(", ", counts)}. It took {answer.Calls} {(answer.Calls == 1 ? "call" : "calls")} to Genesys.");
    }

    private static Dictionary<string, string> EmptyDetails { get; } = [];

    private static string Word(ExaminationCondition condition) => $"{condition}".ToLowerInvariant();
}
