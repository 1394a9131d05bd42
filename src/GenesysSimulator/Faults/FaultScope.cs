using GenesysSimulator.Queues;

namespace GenesysSimulator.Faults;

/// <summary>Determines the requests that a fault applies to: those of its kind, restricted by its path prefix.</summary>
internal static class FaultScope
{
    public const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    public static bool Covers(SimulatorFault fault, string method, string path) =>
        AppliesTo(fault.Name, method, path) && (fault.Path is null || path.StartsWith(fault.Path, StringComparison.OrdinalIgnoreCase));

    private static bool AppliesTo(string name, string method, string path) => name switch
    {
        FaultNames.TokenThrottled or FaultNames.TokenError => path == "/oauth/token",
        FaultNames.RefusedMetric or FaultNames.RefusedViews or FaultNames.MissingViews or FaultNames.TooLarge or FaultNames.UnknownMetric or FaultNames.UnknownMediaType or FaultNames.MissingMin
            or FaultNames.MissingResults or FaultNames.GroupWithoutQueue or FaultNames.ForeignBucket => IsAggregates(method, path),
        FaultNames.RepeatedPage or FaultNames.EmptyPage or FaultNames.WrongPageCount or FaultNames.ForeignNextUri =>
            path is QueuesEndpoint.Path or QueuesEndpoint.Path + "/divisionviews/all",
        FaultNames.JobFailed or FaultNames.JobExpired => method == "POST" && path == Aggregates + "/jobs",
        FaultNames.RepeatedCursor => path.StartsWith(Aggregates + "/jobs/", StringComparison.Ordinal) && path.EndsWith("/results", StringComparison.Ordinal),
        // All API and token requests, but never the simulator's control endpoint.
        _ => path.StartsWith("/api/v2/", StringComparison.Ordinal) || path == "/oauth/token",
    };

    private static bool IsAggregates(string method, string path) =>
        (method == "POST" && path == Aggregates + "/query")
        || (path.StartsWith(Aggregates + "/jobs/", StringComparison.Ordinal) && path.EndsWith("/results", StringComparison.Ordinal));
}
