using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Hosting.Logging;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Security;

return await RunAsync(args);

/// <summary>The service, on one page.</summary>
partial class Program
{
    /// <param name="extend">Adds what a build has beside all that is here.</param>
    /// <returns>The exit code.</returns>
    internal static Task<int> RunAsync(string[] args, Action<IServiceCollection>? extend = null) => args switch
    {
        [KeysCommand.Name, .. var words] => Task.FromResult(KeysCommand.Run(words, Console.Out, Console.Error)),
        [HealthCommand.Name, .. var words] => Startup.ExplainAsync(() => HealthCommand.RunAsync(words, Console.Out, Console.Error)),
        _ => Startup.ExplainAsync(() => ServeAsync(args, extend)),
    };

    private static async Task<int> ServeAsync(string[] args, Action<IServiceCollection>? extend)
    {
        var doctor = DoctorCommand.In(args);
        if (doctor?.IsMisused(Console.Error) == true)
        {
            return DoctorCommand.Misused;
        }

        // The settings lie beside the assembly; the working folder is only where .env is looked for.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = doctor?.Settings ?? args, ContentRootPath = AppContext.BaseDirectory });

        builder.AddSettings();
        builder.AddLog(isQuiet: doctor is not null);
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        // Before every feature: what they ask must be there when they start.
        builder.Services.AddHostedService<SimulatorHost>();
        builder.Services.AddErrors();
        builder.Services.AddSecurity();
        builder.Services.AddHealth();
        builder.Services.AddOpenApi();
        builder.AddSharing();
        builder.Services.AddGenesys();
        builder.Services.AddQueues();
        builder.Services.AddAggregates();
        builder.Services.AddDoctor();
        extend?.Invoke(builder.Services);

        // Before anything is built of them: the host reads some settings itself, and stops at the first that it cannot read.
        var faults = SettingsValidation.FindFaults(builder.Configuration, builder.Environment, builder.Services.GenesysClients());
        if (doctor is not null)
        {
            return await doctor.ExamineAsync(builder, faults, Console.Out);
        }

        if (faults.Count > 0)
        {
            return await Startup.RefuseAsync(faults);
        }

        var app = builder.Build();
        // First, so that its one line a request has the status that was sent.
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseErrors();
        app.UseKnownMethods();
        app.UseSecurity();
        app.UseOpenApi();

        // First of these: what counts is to be heard from the start.
        app.MapMetrics();
        app.MapAggregates();
        app.MapQueues();
        app.MapHealth();
        app.MapDoctor();
        app.MapProblemPages();
        app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();

        return await app.RunToTheEndAsync();
    }
}
