using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Alerts.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Alerts;

internal static class AlertsRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<AlertsOptions>().BindConfiguration(AlertsOptions.Section);
        services.TryAddSingleton<IAlertStore, LocalAlertStore>();
        // Without RemoveAllLoggers, the client would log the addresses of webhooks, which can contain tokens.
        services.AddHttpClient(WebhookClient.ClientName, client => client.Timeout = WebhookClient.Timeout)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<WebhookConnector>().CreateHandler());
        return services
            .AddSingleton<AlertRules>()
            .AddSingleton<AlertsTelemetry>()
            .AddActivatedSingleton<AlertGauges>()
            .AddSingleton(provider => new WebhookConnector(provider.GetRequiredService<IOptions<AlertsOptions>>()))
            .AddSingleton<WebhookClient>()
            .AddSingleton<WebhookDelivery>()
            .AddSingleton<AggregateFigures>()
            .AddSingleton<AlertFigureReader>()
            .AddSingleton<AlertEvaluator>()
            .AddSingleton<AlertRegisterReader>()
            .AddHostedService(provider => provider.GetRequiredService<AlertEvaluator>());
    }
}
