using GenesysSimulator.Faults;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Details;

/// <summary>Maps the paths of conversation details.</summary>
internal sealed class DetailsRoutes(DetailsEndpoint details, DetailsJobs jobs)
{
    private const string Query = FaultMatcher.Details + "/query";
    private const string Jobs = FaultMatcher.Details + "/jobs";
    private const string Availability = Jobs + "/availability";

    /// <summary>Handles a request. Returns null if the path belongs to another endpoint.</summary>
    public Reply? Handle(
        HttpRequest request, string path, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> activeFaults, CancellationToken cancellationToken)
    {
        switch (request.Method, path)
        {
            case ("POST", Query):
                RequestBody.RequireJson(request);
                return details.Query(body, activeFaults, cancellationToken);
            case ("POST", Jobs):
                RequestBody.RequireJson(request);
                return jobs.Submit(body, activeFaults);
            case ("GET", Availability):
                return jobs.Availability(activeFaults);
            case ("GET", FaultMatcher.Details):
                return details.Several(request.Query);
            case (_, Query or Jobs or Availability or FaultMatcher.Details):
                throw SimulatorRoutes.NotAllowed();
        }

        if (SimulatorRoutes.Segment(path, Jobs + "/", "/results") is { } results)
        {
            return request.Method == "GET" ? jobs.Results(results, request.Query, activeFaults, cancellationToken) : throw SimulatorRoutes.NotAllowed();
        }

        if (SimulatorRoutes.Segment(path, Jobs + "/", "") is { } job)
        {
            return request.Method switch
            {
                "GET" => jobs.Status(job),
                "DELETE" => jobs.Cancel(job),
                _ => throw SimulatorRoutes.NotAllowed(),
            };
        }

        return SimulatorRoutes.Segment(path, "/api/v2/analytics/conversations/", "/details") is { } id
            ? request.Method == "GET" ? details.One(id) : throw SimulatorRoutes.NotAllowed()
            : null;
    }
}
