using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Checks;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>doctor</c> on the command line: the same examinations by the same settings, without a service that listens. One that runs on the same
/// port is not disturbed.
/// </summary>
internal sealed class DoctorCommand
{
    public const string Name = "doctor";

    /// <summary>The exit code where the words make no sense.</summary>
    public const int Misused = 2;

    private const string Usage =
        """
        Usage: doctor [--json] [--Section:Key=value]…

        Tries everything between this service and Genesys Cloud, and says what is wrong and what to change. Takes the settings of the service.
        The exit code is 0 when nothing failed, 1 when something did. See docs/doctor.md.
        """;

    private DoctorCommand(string[] settings, bool asJson, string? wrong) => (Settings, AsJson, Wrong) = (settings, asJson, wrong);

    /// <summary>The words that are settings.</summary>
    public string[] Settings { get; }

    private bool AsJson { get; }

    private string? Wrong { get; }

    /// <returns>Null when the service itself is wanted.</returns>
    public static DoctorCommand? In(string[] args)
    {
        if (args is not [Name, .. var words])
        {
            return null;
        }

        var settings = words.Where(word => word != "--json").ToArray();
        var odd = Array.Find(settings, word => !IsSetting(word));
        return new(settings, settings.Length < words.Length, odd switch
        {
            null => null,
            "--help" or "-h" => "",
            _ => $"'{LogSanitizer.Of(odd)}' is not an option here.",
        });
    }

    public bool IsMisused(TextWriter error)
    {
        if (Wrong is { Length: > 0 })
        {
            error.WriteLine(Wrong);
            error.WriteLine();
        }

        if (Wrong is not null)
        {
            error.WriteLine(Usage);
        }

        return Wrong is not null;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> ExamineAsync(WebApplicationBuilder builder, IReadOnlyList<string> faults, TextWriter output)
    {
        var answer = faults.Any(KeepsFromAsking) || TryBuild(builder, faults) is not { } app ? WithoutAsking(faults) : await AskAsync(app, faults);
        if (AsJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(answer, ReadableDoctorJson.Answer));
        }
        else
        {
            DoctorTable.Write(answer, output);
        }

        return answer.Healthy ? 0 : 1;
    }

    // With a value in the same word: what follows a bare name could be anything.
    private static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Split('=', 2) is [var key, _] && (key.Contains(':', StringComparison.Ordinal) || key == "--environment");

    // With any other fault Genesys can be asked all the same, which is what an operator wants to know first.
    private static bool KeepsFromAsking(string fault) =>
        fault.StartsWith($"{GenesysOptions.Section}:", StringComparison.OrdinalIgnoreCase) || fault.StartsWith($"{CacheOptions.Section}:", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null where a wrong setting is one that the host itself needs.</returns>
    private static WebApplication? TryBuild(WebApplicationBuilder builder, IReadOnlyList<string> faults)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception) when (faults.Count > 0)
        {
            return null;
        }
    }

    private static DoctorResponse WithoutAsking(IReadOnlyList<string> faults)
    {
        var wrong = ConfigurationCheck.Wrong(faults);
        return DoctorResponse.Of(
            TimeProvider.System.GetUtcNow(), calls: 0, [new DiagnosticResult(DiagnosticNames.Configuration, wrong.Condition, wrong.Text, wrong.Remedy, Details: null)]);
    }

    /// <summary>Of all that a service starts, the far sides alone.</summary>
    private static async Task<DoctorResponse> AskAsync(WebApplication app, IReadOnlyList<string> faults)
    {
        await using var ended = app;
        var services = app.Services;
        var farSides = services.GetServices<IHostedService>().Where(one => one is SimulatorHost or RedisConnection).ToList();
        foreach (var farSide in farSides)
        {
            await farSide.StartAsync(CancellationToken.None);
        }

        var answer = await services.GetRequiredService<DiagnosticRunner>().RunAsync(faults);
        foreach (var farSide in farSides)
        {
            await farSide.StopAsync(CancellationToken.None);
        }

        return answer;
    }
}

/// <summary>The answer for a terminal: a line an examination, what to do beneath it.</summary>
internal static class DoctorTable
{
    private const int ConditionWidth = 9;

    public static void Write(DoctorResponse answer, TextWriter output)
    {
        var nameWidth = answer.Examinations.Max(one => one.Name.Length) + 2;
        var indent = new string(' ', ConditionWidth + nameWidth);
        foreach (var one in answer.Examinations)
        {
            output.WriteLine($"{Word(one.Condition).PadRight(ConditionWidth)}{one.Name.PadRight(nameWidth)}{LogSanitizer.Of(one.Finding)}");
            foreach (var line in one.Remedy?.Split('\n') ?? [])
            {
                output.WriteLine($"{indent}> {LogSanitizer.Of(line)}");
            }

            // What Genesys said itself is needed where something failed, and in the way where all is well.
            foreach (var (name, value) in one.Condition == CheckStatus.Failed ? one.Details ?? EmptyDetails : EmptyDetails)
            {
                output.WriteLine($"{indent}  {name}: {LogSanitizer.Of(value)}");
            }
        }

        var counts = answer.Examinations.CountBy(one => one.Condition).OrderBy(one => one.Key).Select(one => $"{one.Value} {Word(one.Key)}");
        output.WriteLine();
        output.WriteLine($"{(answer.Healthy ? "Healthy" : "Not healthy")}: {string.Join(", ", counts)}. It took {answer.Calls} {(answer.Calls == 1 ? "call" : "calls")} to Genesys.");
    }

    private static Dictionary<string, string> EmptyDetails { get; } = [];

    private static string Word(CheckStatus condition) => $"{condition}".ToLowerInvariant();
}
