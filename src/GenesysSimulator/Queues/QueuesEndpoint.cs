using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Queues;

/// <summary>Serves GET /api/v2/routing/queues, the division views of the queues, and a single queue.</summary>
internal sealed class QueuesEndpoint(SimulatedWorld world, TimeProvider clock)
{
    public const string Path = "/api/v2/routing/queues";
    public const string DivisionViews = Path + "/divisionviews/all";

    private static readonly string[] Known = ["name", "id", "divisionId", "peerId", "cannedResponseLibraryId", "hasPeer", "expand"];

    public Reply List(HttpRequest request, bool repeatsFirstPage)
    {
        var isDigest = request.Path.Value == DivisionViews;
        var listing = Listing.From(request, Known) with { RepeatsFirstPage = repeatsFirstPage };
        var name = request.Query["name"] is [{ } pattern] ? pattern : null;
        string[] ids = [.. request.Query["id"].OfType<string>()];
        string[] divisions = [.. request.Query["divisionId"].OfType<string>().Where(id => id != "*")];
        var found = Listed
            .Where(queue => Listing.Matches(queue.Name, name) && Listing.Contains(ids, queue.WireId) && Listing.Contains(divisions, queue.Division.Id.ToString()))
            .OrderBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase).ThenBy(queue => queue.WireId, StringComparer.Ordinal);
        return listing.Of(found, (writer, queue) =>
        {
            if (isDigest)
            {
                QueueWriter.WriteDigest(writer, queue);
            }
            else
            {
                QueueWriter.WriteWhole(writer, queue, world);
            }
        });
    }

    public Reply One(string id)
    {
        var queue = Listed.FirstOrDefault(queue => queue.WireId.Equals(id, StringComparison.OrdinalIgnoreCase)) ?? throw ApiException.NotFound();
        return Reply.OfJson(writer => QueueWriter.WriteWhole(writer, queue, world));
    }

    private IEnumerable<SimulatedQueue> Listed
    {
        get
        {
            var now = clock.GetUtcNow();
            return world.Queues.Where(queue => queue.IsListed && queue.Created <= now);
        }
    }
}
