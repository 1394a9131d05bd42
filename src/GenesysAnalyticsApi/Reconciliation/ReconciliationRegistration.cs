using GenesysAnalyticsApi.Reconciliation.GenesysExports;

namespace GenesysAnalyticsApi.Reconciliation;

internal static class ReconciliationRegistration
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section);
        return services
            .AddSingleton(provider => new ExportLimits(provider.GetRequiredService<IOptions<ReconciliationOptions>>().Value.Timeout))
            .AddSingleton<ExportQueues>()
            .AddSingleton<ExportReconciliation>()
            .AddSingleton<ReconciliationService>();
    }
}
