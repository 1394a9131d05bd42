using GenesysAnalyticsApi.Operations;
using NodaTime;

namespace GenesysAnalyticsApi.Queues;

/// <summary>How the queue directory is at the moment somebody looks.</summary>
internal sealed class QueuesGauges : IGauges
{
    public QueuesGauges(ServiceMeter meter, QueueDirectory directory, TimeProvider clock)
    {
        meter.Gauge("directory.queues", null, "Queues that the directory knows, deleted ones included.", () => directory.Current?.Queues.Count ?? 0);
        meter.Gauge(
            "directory.age", "s", "How long ago the queue listing was read; nothing while it never was.",
            () => directory.Current is { } read ? [new((Instant.FromDateTimeOffset(clock.GetUtcNow()) - read.ReadAt).TotalSeconds)] : []);
    }
}
