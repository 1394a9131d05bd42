using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Aggregates;

internal static class AggregatesRegistration
{
    public static IServiceCollection AddAggregates(this IServiceCollection services)
    {
        services.TryAddSingleton<ISliceReplication, LocalSliceReplication>();
        services.ConfigureSwaggerGen(document => document.SchemaFilter<RecordSchemaFilter>());
        return services
            // A factory creates the validator at the first query. Its rules are therefore not compiled at startup.
            .AddSingleton(_ => new AggregatesParametersValidator(RecordSort.Fields))
            .AddSingleton<SliceTelemetry>()
            .AddSingleton<ResponseTelemetry>()
            .AddActivatedSingleton<AggregatesGauges>()
            .AddSingleton<LearnedSliceSize>()
            .AddSingleton<KnownQueues>()
            .AddSingleton<QueueSharding>()
            .AddSingleton<UnsupportedMetrics>()
            .AddSingleton<MetricGroupRequests>()
            .AddSingleton<TooLargeRequestCache>()
            .AddSingleton<SliceRequestSplitter>()
            .AddSingleton<AsyncQueryFetch>()
            .AddSingleton<SliceFetcher>()
            .AddSingleton<SliceFailureCache>()
            .AddSingleton<SettledDataMonitor>()
            .AddSingleton<SliceDiskStore>()
            .AddSingleton<SliceCache>()
            .AddSingleton<SplitRollup>()
            .AddSingleton<SliceFetchCoordinator>()
            .AddHostedService(provider => provider.GetRequiredService<SliceFetchCoordinator>())
            .AddSingleton<SliceStore>()
            .AddSingleton<WorkTelemetry>()
            .AddSingleton<WorkLimiter>()
            .AddSingleton<SliceReader>()
            .AddSingleton<PlanSelector>()
            .AddSingleton<QueryLimits>()
            .AddSingleton<QueryExplainer>()
            .AddSingleton<ResponseCache>()
            .AddSingleton<ResponseHeaders>()
            .AddSingleton<ResponseJsonWriter>()
            .AddSingleton<IResponseWriter>(provider => provider.GetRequiredService<ResponseJsonWriter>())
            .AddSingleton<IResponseWriter, NdjsonResponseWriter>()
            .AddSingleton<IResponseWriter, CsvResponseWriter>()
            .AddSingleton<IResponseWriter, XlsxResponseWriter>()
            .AddSingleton<IResponseWriter, TextTableResponseWriter>()
            .AddSingleton<IResponseWriter, ParquetResponseWriter>()
            .AddSingleton<IResponseWriter, OpenMetricsResponseWriter>()
            .AddSingleton<ResponseSender>()
            .AddSingleton<LargeResponseLimiter>()
            .AddSingleton<DimensionNameReader>()
            .AddSingleton<AggregatesService>()
            .AddSingleton<AggregatesReader>()
            .AddSingleton<SegmentReader>()
            .AddSingleton<AggregatesRequestHandler>();
    }
}

/// <summary>Gauges for the caches and for work in progress.</summary>
internal sealed class AggregatesGauges
{
    public AggregatesGauges(
        ServiceMeter meter, SliceCache slices, SliceDiskStore disk, ResponseCache responses, SliceFetchCoordinator fetches, UnsupportedMetrics unsupported, WorkLimiter work,
        LargeResponseLimiter rows, IOptions<CacheStorageOptions> options)
    {
        meter.Gauge("cache.size", "By", "Memory in use, and disk space in use for the slices of jobs.", () => Of(slices.Statistics.CurrentEstimatedSize ?? 0, responses.Use.CurrentEstimatedSize ?? 0, disk.Size));
        meter.Gauge("cache.limit", "By", "Maximum memory and disk space.", () => Of(options.Value.MaxBytes, options.Value.MaxAnswerBytes, options.Value.MaxDiskBytes));
        meter.Gauge("cache.entries", null, "Slices in memory; queries with a cached response, and queries that were received only once.", () => Of(slices.Statistics.CurrentEntryCount, responses.Use.CurrentEntryCount));
        meter.Gauge("slice.flights", null, "Slices being fetched.", () => fetches.Count);
        meter.Gauge("refused.metrics", null, "Metrics that Genesys rejects and that requests omit.", () => unsupported.Count);
        meter.Gauge("work.queued", null, "Queries waiting for a slot.", () => work.Queued);
        meter.Gauge("work.fetching", null, "Queries fetching data from Genesys.", () => work.Fetching);
        meter.Gauge("work.rows", null, "Estimated records of large responses being built or sent.", () => rows.Count);
        meter.Gauge("work.rows.waiting", null, "Estimated records of large responses waiting until other large responses have been sent.", () => rows.Waiting);
    }

    private static IEnumerable<Measurement<double>> Of(double slices, double responses) => [Of("slices", slices), Of("answers", responses)];

    private static IEnumerable<Measurement<double>> Of(double slices, double responses, double disk) => [.. Of(slices, responses), Of("disk", disk)];

    private static Measurement<double> Of(string cache, double value) => new(value, new KeyValuePair<string, object?>("cache", cache));
}
