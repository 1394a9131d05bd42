using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
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
using GenesysAnalyticsApi.OpenApi;
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
        [var word, ..] when UnknownCommand.Is(word) => UnknownCommand.RunAsync(word, Console.Error),
        _ => Startup.ExplainAsync(() => ServeAsync(args, extend)),
    };

    /// <summary>Registers every feature and returns the faults of the settings.</summary>
    private static (WebApplicationBuilder Builder, IReadOnlyList<string> Faults) Compose(string[] args, Action<IServiceCollection>? extend, bool isQuiet)
    {
        // The settings are next to the assembly; only .env is read from the working directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

        builder.AddSettings();
        builder.AddLog(isQuiet);
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        // First, because the other features connect to it when they start.
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
        builder.Services.AddJobs();
        builder.Services.AddReconciliation();
        builder.Services.AddDoctor();
        builder.Services.AddStaticPage();
        extend?.Invoke(builder.Services);

        // Before the host is built: it reads some settings itself and throws at the first invalid one.
        return (builder, SettingsValidation.FindFaults(builder.Configuration, builder.Environment, builder.Services.GenesysClients()));
    }

    private static async Task<int> ServeAsync(string[] args, Action<IServiceCollection>? extend)
    {
        var (builder, faults) = Compose(args, extend, isQuiet: false);
        if (faults.Count > 0)
        {
            return await Startup.RefuseAsync(faults);
        }

        var app = builder.Build();
        // First, so that the log line of each request has the status that was sent.
        app.UseRequestLog();
        app.UseMiddleware<HeadMiddleware>();
        app.UseSecurityHeaders();
        app.UseErrors();
        app.UseMiddleware<RequestSizeMiddleware>();
        app.UseKnownMethods();
        // Here and not first, because a HEAD is routed as a GET.
        app.UseRouting();
        app.UseSecurity();
        app.UseMiddleware<QueryBodyMiddleware>();
        app.UseMiddleware<ResponseCacheMiddleware>();
        app.UseOpenApi();

        // First, so that counters are recorded from their initial 0.
        app.MapMetrics();
        app.MapAggregates();
        app.MapConversations();
        app.MapJobs();
        app.MapReconciliation();
        app.MapQueues();
        app.MapDirectories();
        app.MapCatalog();
        app.MapHealth();
        app.MapDoctor();
        app.MapProblemPages();
        app.MapStaticPage();

        return await app.RunToTheEndAsync();
    }
}
