using System.CommandLine;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Reconciliation;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>reconcile</c>: compares an export from the Genesys UI with the figures of the service, using the settings of the service. The command does not listen on
/// the address of the service, so it does not disturb a running service.
/// </summary>
internal static class ReconcileCommand
{
    public const string Name = "reconcile";

    /// <summary>The exit code if the file cannot be read.</summary>
    public const int Unreadable = 2;

    private const int MaxRows = 1_000;

    /// <param name="compose">Registers the service with the given command-line settings, and returns the faults found in all settings.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, Func<string[], (WebApplicationBuilder Builder, IReadOnlyList<string> Faults)> compose, TextWriter output, TextWriter error)
    {
        Argument<string> file = new("file") { Description = "The CSV file that was exported from the performance view of queues." };
        Option<string> timeZone = new("--time-zone") { Description = "The time zone in which the file was exported. Default: UTC." };
        Option<string> interval = new("--interval") { Description = "The interval of all rows, as start/end, for a file without the columns Interval Start and Interval End." };
        Option<string> exportedAt = new("--exported-at") { Description = "When the file was exported, such as 2026-11-23T08:30:00Z." };
        Option<bool> all = new("--all") { Description = "Also prints the cells without a difference." };
        var settings = CommandInvocation.SettingsArgument("Settings of the service, as --Section:Key=value.");
        var command = new Command(
            Name, "Compares an export from the Genesys UI with the figures of this service. The exit code is 0 if every difference is explained, 1 if one is not or if the figures cannot be read, 2 if the file cannot be read. See docs/reconciliation.md.")
        {
            file, timeZone, interval, exportedAt, all, settings,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var parameters = new ExportParameters { TimeZone = parsed.GetValue(timeZone), Interval = parsed.GetValue(interval), ExportedAt = parsed.GetValue(exportedAt) };
            return ReconcileAsync(parsed.GetRequiredValue(file), parameters, parsed.GetValue(all), () => compose(parsed.GetValue(settings) ?? []), output, error, cancellationToken);
        });
        return command.RunAsync(args, error);
    }

    private static async Task<int> ReconcileAsync(
        string file, ExportParameters parameters, bool showsAll, Func<(WebApplicationBuilder Builder, IReadOnlyList<string> Faults)> compose, TextWriter output, TextWriter error,
        CancellationToken cancellationToken)
    {
        var (errors, settings) = parameters.Check(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()));
        if (errors.Count > 0)
        {
            await WriteAsync(error, errors.SelectMany(parameter => parameter.Value.Select(message => $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(parameter.Key)} {message}")));
            return CommandInvocation.UsageError;
        }

        PerformanceExport export;
        try
        {
            export = ExportReader.Read(await File.ReadAllBytesAsync(file, cancellationToken), settings);
        }
        catch (UnreadableExportException unreadable)
        {
            await WriteAsync(error, unreadable.Faults);
            return Unreadable;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await WriteAsync(error, [$"'{file}' cannot be read: {failure.Message}"]);
            return Unreadable;
        }

        var (builder, faults) = compose();
        return faults.Count > 0 ? await Startup.RefuseAsync(faults) : await CompareAsync(builder.Build(), export, settings, showsAll, output, error, cancellationToken);
    }

    /// <summary>Starts only the connections that the comparison uses, not the whole service.</summary>
    private static async Task<int> CompareAsync(
        WebApplication app, PerformanceExport export, ExportSettings settings, bool showsAll, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        await using var disposedApp = app;
        var connections = app.Services.GetServices<IHostedService>().Where(service => service is SimulatorHost or RedisConnection).ToList();
        foreach (var connection in connections)
        {
            await connection.StartAsync(cancellationToken);
        }

        try
        {
            var compared = await app.Services.GetRequiredService<ExportReconciliation>().CompareAsync(export, settings, ReconcileCaller, cancellationToken);
            var response = ExportReport.Of(compared, showsAll, MaxRows);
            await output.WriteAsync(ExportTable.Of(response, settings.Zone));
            return response.Meta.Values.Unexplained == 0 ? 0 : 1;
        }
        catch (UnreadableExportException unreadable)
        {
            await WriteAsync(error, unreadable.Faults);
            return Unreadable;
        }
        catch (GenesysException failure)
        {
            await WriteAsync(error, [ProblemFactory.FromGenesys(failure.Failure).Detail ?? failure.Message]);
            return 1;
        }
        catch (ProblemException failure)
        {
            await WriteAsync(error, [failure.Problem.Detail ?? failure.Problem.Title]);
            return 1;
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.StopAsync(CancellationToken.None);
            }
        }
    }

    private static Caller ReconcileCaller { get; } = new("(reconcile)", "reconcile", CallerScopes.Read, QueueVisibility.All);

    private static async Task WriteAsync(TextWriter error, IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            await error.WriteLineAsync(LogSanitizer.Of(message));
        }
    }
}
