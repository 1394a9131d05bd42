using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Agents;

namespace GenesysSimulator.Directory;

/// <summary>Serves GET /api/v2/users. Only active users are listed, unless the request names another state.</summary>
internal sealed class UsersEndpoint(SimulatedWorld world)
{
    public const string Path = "/api/v2/users";

    private static readonly string[] Known = ["state", "id", "jabberId", "expand", "integrationPresenceSource"];

    public Reply List(HttpRequest request, bool repeatsFirstPage)
    {
        var state = Listing.OneOf(request, "state", "any", "active", "inactive") is { Length: > 0 } given ? given.ToLowerInvariant() : "active";
        string[] ids = [.. request.Query["id"].OfType<string>()];
        var listing = Listing.From(request, Known) with
        {
            RepeatsFirstPage = repeatsFirstPage,
            RepeatedParameters = request.Query.ContainsKey("state") ? "&state=" + state : "",
        };
        var found = world.Agents
            .Where(agent => agent.State != AgentState.Deleted && Listing.Contains(ids, agent.Id)
                && (state == "any" || agent.State == (state == "active" ? AgentState.Active : AgentState.Inactive)))
            .OrderBy(agent => agent.Name, StringComparer.OrdinalIgnoreCase).ThenBy(agent => agent.Id, StringComparer.Ordinal);
        return listing.Of(found, UserWriter.Write);
    }
}
