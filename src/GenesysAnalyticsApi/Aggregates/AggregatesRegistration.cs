using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Sharing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates;

internal static class AggregatesRegistration
{
    public static IServiceCollection AddAggregates(this IServiceCollection services)
    {
        services.TryAddSingleton<ISliceLocks, NoSliceLocks>();
        return services
            .AddSingleton<AggregatesParametersValidator>()
            .AddSingleton<AggregatesMetrics>()
            .AddSingleton<IGauges, AggregatesGauges>()
            .AddSingleton<SliceSizes>()
            .AddSingleton<KnownQueues>()
            .AddSingleton<SliceScopes>()
            .AddSingleton<RefusedMetrics>()
            .AddSingleton<MetricTrials>()
            .AddSingleton<TooLargeQuestions>()
            .AddSingleton<SliceAsking>()
            .AddSingleton<SliceFetcher>()
            .AddSingleton<FailedSlices>()
            .AddSingleton<SliceDrift>()
            .AddSingleton<SliceCache>()
            .AddSingleton<SliceFlights>()
            .AddHostedService(provider => provider.GetRequiredService<SliceFlights>())
            .AddSingleton<SliceStore>()
            .AddSingleton<WorkMetrics>()
            .AddSingleton<WorkTurns>()
            .AddSingleton<SliceReading>()
            .AddSingleton<PlanChoice>()
            .AddSingleton<PlanLimits>()
            .AddSingleton(provider => new GenesysSource(
                provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Mode == GenesysMode.Simulator ? "simulator" : "genesys"))
            .AddSingleton<AggregatesExplaining>()
            .AddSingleton<PreparedAnswers>()
            .AddSingleton<AnswerHeaders>()
            .AddSingleton<AnswerSending>()
            .AddSingleton<RowsUnderWay>()
            .AddSingleton<AggregatesAnswering>();
    }
}
