using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Sharing;

namespace GenesysAnalyticsApi.Operations.Doctor;

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
            _ => $"'{OneLine.Of(odd)}' is not an option here.",
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

    private static DoctorAnswer WithoutAsking(IReadOnlyList<string> faults)
    {
        var wrong = ConfigurationExaminer.Wrong(faults);
        return DoctorAnswer.Of(
            TimeProvider.System.GetUtcNow(), calls: 0, [new Examination(Examinations.Configuration, wrong.Condition, wrong.Text, wrong.Remedy, Details: null)]);
    }

    /// <summary>Of all that a service starts, the far sides alone.</summary>
    private static async Task<DoctorAnswer> AskAsync(WebApplication app, IReadOnlyList<string> faults)
    {
        await using var ended = app;
        var services = app.Services;
        var farSides = services.GetServices<IHostedService>().Where(one => one is SimulatorHosting or RedisConnection).ToList();
        foreach (var farSide in farSides)
        {
            await farSide.StartAsync(CancellationToken.None);
        }

        var answer = await services.GetRequiredService<ExaminationRound>().RunAsync(faults);
        foreach (var farSide in farSides)
        {
            await farSide.StopAsync(CancellationToken.None);
        }

        return answer;
    }
}
