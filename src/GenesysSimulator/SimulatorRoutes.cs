using GenesysSimulator.Aggregates;
using GenesysSimulator.Faults;
using GenesysSimulator.Organization;
using GenesysSimulator.Queues;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;

namespace GenesysSimulator;

/// <summary>Which endpoint answers which path. A dozen paths need no router, and so no start-up time for one.</summary>
internal sealed class SimulatorRoutes(
    TokenEndpoint token, AggregatesEndpoint aggregates, AggregatesJobs jobs, QueuesEndpoint queues, LimitsEndpoint limits, FaultsEndpoint faults)
{
    private const string Jobs = FaultScope.Aggregates + "/jobs";

    public Answer Control(HttpRequest request, ReadOnlyMemory<byte> body) => request.Path.Value switch
    {
        "/simulator/faults" => faults.Answer(request.Method, body),
        _ => throw Refusal.NotFound(),
    };

    public Answer Answer(
        HttpRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> met, CancellationToken cancellationToken)
    {
        var path = request.Path.Value!;
        return (request.Method, path) switch
        {
            ("POST", "/oauth/token") => token.Issue(request, body),
            ("POST", FaultScope.Aggregates + "/query") => Query(request, body, cancellationToken),
            ("POST", Jobs) => Submit(request, body, met),
            ("GET", QueuesEndpoint.Path or QueuesEndpoint.Path + "/divisionviews/all") =>
                queues.List(request, met.Any(fault => fault.Name == FaultNames.RepeatedPage)),
            (var method, _) when Segment(path, Jobs + "/", "/results") is { } id && method == "GET" =>
                jobs.Results(id, request.Query["cursor"], cancellationToken),
            (var method, _) when Segment(path, Jobs + "/", "") is { } id => method switch
            {
                "GET" => jobs.Status(id),
                "DELETE" => jobs.Cancel(id),
                _ => throw NotAllowed(),
            },
            ("GET", _) when Segment(path, QueuesEndpoint.Path + "/", "") is { } id => queues.One(id),
            ("GET", _) when Segment(path, LimitsEndpoint.Path, "") is { } name => limits.List(name),
            (_, "/oauth/token" or FaultScope.Aggregates + "/query" or Jobs or QueuesEndpoint.Path) => throw NotAllowed(),
            _ => throw Refusal.NotFound(),
        };
    }

    private Answer Query(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        RequestBody.NeedJson(request);
        return aggregates.Query(body, cancellationToken);
    }

    private Answer Submit(HttpRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> met)
    {
        RequestBody.NeedJson(request);
        return jobs.Submit(body, met);
    }

    private static Refusal NotAllowed() => new(405, "method.not.allowed", "The method is not allowed for the requested resource.");

    // The one segment between a beginning and an end.
    private static string? Segment(string path, string start, string end)
    {
        if (!path.StartsWith(start, StringComparison.Ordinal) || !path.EndsWith(end, StringComparison.Ordinal)
            || path.Length <= start.Length + end.Length)
        {
            return null;
        }

        var segment = path[start.Length..^end.Length];
        return segment.Contains('/', StringComparison.Ordinal) ? null : segment;
    }
}
