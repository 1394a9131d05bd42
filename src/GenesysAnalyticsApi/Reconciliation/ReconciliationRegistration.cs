using GenesysAnalyticsApi.Reconciliation.Exports;

namespace GenesysAnalyticsApi.Reconciliation;

internal static class ReconciliationRegistration
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section);

        // Created on first use, because the reader of conversations belongs to another feature.
        return services
            .AddSingleton<ExportQueues>()
            .AddSingleton<ExportReconciliation>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<ReconciliationService>(provider));
    }
}
