using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Observations.Stream;

internal static class StreamRegistration
{
    public static IServiceCollection AddObservationStream(this IServiceCollection services) => services
        .AddSingleton<StreamTelemetry>()
        .AddSingleton<StreamDependencies>()
        .AddSingleton<StreamGroupRegistry>()
        .AddSingleton<StreamSender>()
        .AddActivatedSingleton<StreamGauges>();
}

/// <summary>Counts the serialized events, not their deliveries to subscribers.</summary>
internal sealed class StreamTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _serializedEvents = meter.Counter(
        "observations.stream.events", "{event}", "Events that were serialized; an event that several subscribers received is counted once.", "event", StreamFrames.Snapshot, StreamFrames.Change, StreamFrames.Heartbeat);

    public void RecordSerialized(string eventName) => _serializedEvents.Add(1, new KeyValuePair<string, object?>("event", eventName));
}

/// <summary>Exports the numbers of streams and groups as gauges.</summary>
internal sealed class StreamGauges
{
    public StreamGauges(ServiceMeter meter, StreamGroupRegistry groups)
    {
        meter.Gauge("observations.streams", null, "Subscribers to GET /observations/stream.", () => groups.SubscriberCount);
        meter.Gauge("observations.stream.groups", null, "Groups of subscribers with the same query and the same visible queues; the records of a state are computed once per group.", () => groups.GroupCount);
    }
}
