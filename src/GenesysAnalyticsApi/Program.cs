using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Alerts;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.Conversations;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Hosting.Logging;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Jobs.Work;
using GenesysAnalyticsApi.Mcp;
using GenesysAnalyticsApi.Observations;
using GenesysAnalyticsApi.Observations.Feed;
using GenesysAnalyticsApi.Observations.Stream;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Reconciliation;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Security;

return await RunAsync(args);

/// <summary>Composes the service: its commands, features and middleware.</summary>
partial class Program
{
    /// <param name="extend">Registers the services that another build adds, such as the build with the official SDK.</param>
    /// <returns>The exit code.</returns>
    internal static Task<int> RunAsync(string[] args, Action<IServiceCollection>? extend = null) => args switch
    {
        [KeysCommand.Name, .. var words] => KeysCommand.RunAsync(words, Console.Out, Console.Error),
        [HealthCommand.Name, .. var words] => Startup.ExplainAsync(() => HealthCommand.RunAsync(words, Console.Out, Console.Error)),
        [DoctorCommand.Name, .. var words] => Startup.ExplainAsync(
            () => DoctorCommand.RunAsync(words, settings => Compose(settings, extend, isQuiet: true), Console.Out, Console.Error)),
        [ReconcileCommand.Name, .. var words] => Startup.ExplainAsync(
            () => ReconcileCommand.RunAsync(words, settings => Compose(settings, extend, isQuiet: true), Console.Out, Console.Error)),
        [McpCommand.Name, .. var words] => Startup.ExplainAsync(() => McpCommand.RunAsync(words, settings => Assemble(settings, extend, isQuiet: true), Console.Error)),
        [var word, ..] when UsageCommand.Handles(word) => UsageCommand.RunAsync(word, Console.Error),
        _ => Startup.ExplainAsync(() => ServeAsync(args, extend)),
    };

    /// <summary>Registers every feature, and returns the faults found in the settings.</summary>
    private static (WebApplicationBuilder Builder, IReadOnlyList<string> Faults) Compose(string[] args, Action<IServiceCollection>? extend, bool isQuiet)
    {
        // appsettings.json is next to the assembly; only .env is read from the working directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

        builder.AddSettings();
        builder.AddLog(isQuiet);
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        // The simulator starts before the other features, because they connect to it when they start.
        builder.Services.AddHostedService<SimulatorHost>();
        builder.Services.AddErrors();
        builder.Services.AddSecurity();
        builder.Services.AddHealth();
        builder.Services.AddOpenApi();
        builder.AddSharing();
        builder.Services.AddGenesys();
        builder.Services.AddDirectories();
        builder.Services.AddQueues();
        builder.Services.AddAggregates();
        builder.Services.AddConversations();
        builder.Services.AddObservations();
        builder.Services.AddObservationStream();
        builder.Services.AddNotifications();
        builder.Services.AddJobs();
        builder.Services.AddReconciliation();
        builder.Services.AddAlerts();
        builder.Services.AddDoctor();
        builder.Services.AddMcp();
        builder.Services.AddStaticPage();
        extend?.Invoke(builder.Services);

        // The check comes before the host is built, because the host reads some settings itself and throws at the first invalid one.
        return (builder, SettingsValidation.FindFaults(builder.Configuration, builder.Environment, builder.Services.GenesysClients()));
    }

    private static async Task<int> ServeAsync(string[] args, Action<IServiceCollection>? extend)
    {
        var (app, faults) = Assemble(args, extend, isQuiet: false);
        return app is null ? await Startup.RefuseAsync(faults) : await app.RunUntilShutdownAsync();
    }

    /// <returns>The service, not yet started; null if a setting is invalid.</returns>
    private static (WebApplication? App, IReadOnlyList<string> Faults) Assemble(string[] args, Action<IServiceCollection>? extend, bool isQuiet)
    {
        var (builder, faults) = Compose(args, extend, isQuiet);
        if (faults.Count > 0)
        {
            return (null, faults);
        }

        var app = builder.Build();
        // The request log is first in the pipeline, so that the log line of each request contains the status that was sent.
        if (!isQuiet)
        {
            app.UseRequestLog();
        }

        app.UseMiddleware<HeadMiddleware>();
        app.UseSecurityHeaders();
        app.UseVaryByOrigin();
        app.UseErrors();
        app.UseMiddleware<RequestSizeMiddleware>();
        app.UseKnownMethods();
        // Routing comes after HeadMiddleware, which must turn a HEAD into a GET first.
        app.UseRouting();
        app.UseSecurity();
        app.UseMiddleware<QueryBodyMiddleware>();
        app.UseMiddleware<ResponseCacheMiddleware>();
        app.UseOpenApi();

        // The metrics come before the features, so that the counters of all features are recorded from their initial 0.
        app.MapMetrics();
        app.MapAggregates();
        app.MapConversations();
        app.MapObservations();
        app.MapObservationStream();
        app.MapJobs();
        app.MapReconciliation();
        app.MapAlerts();
        app.MapQueues();
        app.MapDirectories();
        app.MapCatalog();
        app.MapHealth();
        app.MapDoctor();
        app.MapMcp();
        app.MapProblemPages();
        app.MapStaticPage();

        return (app, []);
    }
}
