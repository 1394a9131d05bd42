using System.CommandLine;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Checks;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Redis.Connection;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>doctor</c>: runs the diagnostic checks with the settings of the service. The command does not listen on the address of the service, so it does not
/// disturb a running service.
/// </summary>
internal static class DoctorCommand
{
    public const string Name = "doctor";

    /// <param name="compose">Registers the service with the given command-line settings, and returns the faults found in all settings.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, Func<string[], (WebApplicationBuilder Builder, IReadOnlyList<string> Faults)> compose, TextWriter output, TextWriter error)
    {
        var asJson = new Option<bool>("--json") { Description = "Prints the same JSON as GET /health/doctor." };
        var settings = CommandInvocation.SettingsArgument("Settings of the service, as --Section:Key=value.");
        var command = new Command(
            Name,
            "Checks everything between this service and Genesys Cloud and names the remedy for each failure. The exit code is 0 if no check failed, otherwise 1. See docs/doctor.md.")
        {
            asJson,
            settings,
        };
        command.SetAction(async parsed =>
        {
            var (builder, faults) = compose(parsed.GetValue(settings) ?? []);
            var response = faults.Any(PreventsChecks) || TryBuild(builder, faults) is not { } app ? SettingsOnly(faults) : await DiagnoseAsync(app, faults);
            Write(response, parsed.GetValue(asJson), output);
            return response.Healthy ? 0 : 1;
        });
        return command.RunAsync(args, error);
    }

    private static void Write(DoctorResponse response, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(response, ReadableDoctorJson.Response));
        }
        else
        {
            DoctorTable.Write(response, output);
        }
    }

    // With an invalid setting in any other section, Genesys can still be checked, and the operator needs the results of these checks first.
    private static bool PreventsChecks(string fault) =>
        fault.StartsWith($"{GenesysOptions.Section}:", StringComparison.OrdinalIgnoreCase) || fault.StartsWith($"{CacheStorageOptions.Section}:", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null if an invalid setting prevents the host from being built.</returns>
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

    private static DoctorResponse SettingsOnly(IReadOnlyList<string> faults)
    {
        var outcome = ConfigurationCheck.Invalid(faults);
        return DoctorResponse.Of(
            TimeProvider.System.GetUtcNow(), calls: 0, [new DiagnosticResult(DiagnosticNames.Configuration, outcome.Condition, outcome.Text, outcome.Remedy, Details: null)]);
    }

    /// <summary>Starts only the connections that the checks use, not the whole service.</summary>
    private static async Task<DoctorResponse> DiagnoseAsync(WebApplication app, IReadOnlyList<string> faults)
    {
        await using var disposedApp = app;
        var services = app.Services;
        var connections = services.GetServices<IHostedService>().Where(service => service is SimulatorHost or RedisConnection).ToList();
        foreach (var connection in connections)
        {
            await connection.StartAsync(CancellationToken.None);
        }

        var response = await services.GetRequiredService<DiagnosticRunner>().RunAsync(faults);
        foreach (var connection in connections)
        {
            await connection.StopAsync(CancellationToken.None);
        }

        return response;
    }
}
