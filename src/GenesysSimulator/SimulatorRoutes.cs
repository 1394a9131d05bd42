using GenesysSimulator.Aggregates;
using GenesysSimulator.Details;
using GenesysSimulator.Directory;
using GenesysSimulator.Faults;
using GenesysSimulator.Notifications;
using GenesysSimulator.Organization;
using GenesysSimulator.Queues;
using GenesysSimulator.RealTime;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;

namespace GenesysSimulator;

/// <summary>Maps paths to endpoints without a router, which would take startup time and is not needed for so few paths.</summary>
internal sealed class SimulatorRoutes(
    TokenEndpoint token,
    AggregatesEndpoint aggregates,
    AggregatesJobs jobs,
    DetailsRoutes details,
    RealTimeRoutes realTime,
    NotificationRoutes notifications,
    QueuesEndpoint queues,
    UsersEndpoint users,
    WrapUpCodesEndpoint wrapUpCodes,
    LimitsEndpoint limits,
    FaultsEndpoint faults)
{
    private const string Jobs = FaultMatcher.Aggregates + "/jobs";

    public Reply Control(HttpRequest request, ReadOnlyMemory<byte> body) => request.Path.Value switch
    {
        "/simulator/faults" => faults.Handle(request.Method, body),
        _ => throw ApiException.NotFound(),
    };

    public Reply Handle(
        HttpRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> activeFaults, IssuedToken? sender, CancellationToken cancellationToken)
    {
        var path = request.Path.Value!;
        if ((details.Handle(request, path, body, activeFaults, cancellationToken)
            ?? realTime.Handle(request, path, body)
            ?? (sender is null ? null : notifications.Handle(request, path, body, activeFaults, sender))
            ?? limits.Handle(request, path)) is { } handled)
        {
            return handled;
        }

        var repeatsFirstPage = activeFaults.Any(fault => fault.Name == FaultNames.RepeatedPage);
        return (request.Method, path) switch
        {
            ("POST", "/oauth/token") => token.Issue(request, body),
            ("POST", FaultMatcher.Aggregates + "/query") => Query(request, body, cancellationToken),
            ("POST", Jobs) => Submit(request, body, activeFaults),
            ("GET", QueuesEndpoint.Path or QueuesEndpoint.DivisionViews) => queues.List(request, repeatsFirstPage),
            ("GET", UsersEndpoint.Path) => users.List(request, repeatsFirstPage),
            ("GET", WrapUpCodesEndpoint.Path) => wrapUpCodes.List(request, repeatsFirstPage),
            (var method, _) when Segment(path, Jobs + "/", "/results") is { } id && method == "GET" =>
                jobs.Results(id, request.Query, cancellationToken),
            (var method, _) when Segment(path, Jobs + "/", "") is { } id => method switch
            {
                "GET" => jobs.Status(id),
                "DELETE" => jobs.Cancel(id),
                _ => throw NotAllowed(),
            },
            ("GET", _) when Segment(path, QueuesEndpoint.Path + "/", "") is { } id => queues.One(id),
            (_, "/oauth/token" or FaultMatcher.Aggregates + "/query" or Jobs or QueuesEndpoint.Path or UsersEndpoint.Path or WrapUpCodesEndpoint.Path) => throw NotAllowed(),
            _ => throw ApiException.NotFound(),
        };
    }

    private Reply Query(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        RequestBody.RequireJson(request);
        return aggregates.Query(body, cancellationToken);
    }

    private Reply Submit(HttpRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> activeFaults)
    {
        RequestBody.RequireJson(request);
        return jobs.Submit(body, activeFaults);
    }

    internal static ApiException NotAllowed() => new(405, "method.not.allowed", "The method is not allowed for the requested resource.");

    /// <summary>Returns the path segment between a prefix and a suffix; null if there is no such segment, or more than one.</summary>
    internal static string? Segment(string path, string prefix, string suffix)
    {
        if (!path.StartsWith(prefix, StringComparison.Ordinal) || !path.EndsWith(suffix, StringComparison.Ordinal)
            || path.Length <= prefix.Length + suffix.Length)
        {
            return null;
        }

        var segment = path[prefix.Length..^suffix.Length];
        return segment.Contains('/', StringComparison.Ordinal) ? null : segment;
    }
}
