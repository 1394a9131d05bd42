using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Operations.Doctor;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Sharing;

return await RunAsync(args);

/// <summary>The service, on one page.</summary>
partial class Program
{
    /// <param name="extend">Adds what a build has beside all that is here.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection>? extend = null)
    {
        if (args is [KeysCommand.Name, ..])
        {
            return KeysCommand.Run(args[1..], Console.Out, Console.Error);
        }

        if (args is [HealthCommand.Name, ..])
        {
            return await HealthCommand.RunAsync(args[1..], Console.Out, Console.Error);
        }

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
        builder.Services.AddHostedService<SimulatorHosting>();
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

        var app = builder.Build();
        if (doctor is not null)
        {
            return await doctor.ExamineAsync(app, Console.Out);
        }

        if (!await app.AcceptsItsSettingsAsync())
        {
            return 1;
        }

        // First, so that its one line a request has the status that was sent.
        app.UseRequestLog();
        app.UseSafetyHeaders();
        app.UseErrors();
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

        return await app.RunOrExplainAsync();
    }
}
