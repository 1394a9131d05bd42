using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Queues;

/// <summary>GET /api/v2/routing/queues, its division views, and a single queue.</summary>
internal sealed class QueuesEndpoint(SimulatedWorld world, TimeProvider clock)
{
    public const string Path = "/api/v2/routing/queues";

    public Reply List(HttpRequest request, bool repeatsFirstPage)
    {
        var isDigest = request.Path.Value!.EndsWith("/divisionviews/all", StringComparison.Ordinal);
        var search = QueueSearch.From(request.Query);
        var found = search.In(world.Queues, clock.GetUtcNow());
        var pages = (found.Count + search.PageSize - 1) / search.PageSize;
        var path = request.Path.Value!;

        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            foreach (var queue in found.Skip(repeatsFirstPage ? 0 : (search.PageNumber - 1) * search.PageSize).Take(search.PageSize))
            {
                if (isDigest)
                {
                    QueueWriter.WriteDigest(writer, queue);
                }
                else
                {
                    QueueWriter.WriteWhole(writer, queue, world);
                }
            }

            writer.WriteEndArray();
            writer.WriteNumber("pageSize", search.PageSize);
            writer.WriteNumber("pageNumber", search.PageNumber);
            writer.WriteNumber("total", found.Count);
            writer.WriteNumber("pageCount", pages);
            WriteLinks(writer, path, search, pages);
            writer.WriteEndObject();
        });
    }

    public Reply One(string id)
    {
        var queue = world.Queues.FirstOrDefault(queue => queue.IsListed && queue.Created <= clock.GetUtcNow()
            && queue.WireId.Equals(id, StringComparison.OrdinalIgnoreCase)) ?? throw ApiException.NotFound();
        return Reply.OfJson(writer => QueueWriter.WriteWhole(writer, queue, world));
    }

    // Genesys sends relative links too; clients must prepend the API host.
    private static void WriteLinks(Utf8JsonWriter writer, string path, QueueSearch search, int pages)
    {
        string To(int page) => string.Create(CultureInfo.InvariantCulture, $"{path}?pageSize={search.PageSize}&pageNumber={page}");

        writer.WriteString("firstUri", To(1));
        writer.WriteString("lastUri", To(Math.Max(1, pages)));
        writer.WriteString("selfUri", To(search.PageNumber));
        if (search.PageNumber < pages)
        {
            writer.WriteString("nextUri", To(search.PageNumber + 1));
        }

        if (search.PageNumber > 1)
        {
            writer.WriteString("previousUri", To(search.PageNumber - 1));
        }
    }
}
