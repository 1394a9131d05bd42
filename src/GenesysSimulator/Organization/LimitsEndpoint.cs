using System.Text.Json;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>Serves /api/v2/organizations/limits: the limits of the organization, which a client can read without any permission.</summary>
internal sealed class LimitsEndpoint(SimulatorSettings settings)
{
    public const string Root = "/api/v2/organizations/limits";

    private const string Namespaces = Root + "/namespaces";
    private const string Docs = Root + "/docs";
    private const string Defaults = "/defaults";

    private readonly LimitCatalog _catalog = new(settings);

    /// <summary>Handles a request. Returns null if the path belongs to another endpoint.</summary>
    public Reply? Handle(HttpRequest request, string path)
    {
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal))
        {
            return null;
        }

        if (request.Method != "GET")
        {
            throw SimulatorRoutes.NotAllowed();
        }

        return path switch
        {
            Docs => Document(request),
            Namespaces => Listing.From(request).Of(_catalog.Namespaces, (writer, name) => writer.WriteStringValue(name)),
            _ when SimulatorRoutes.Segment(path, Namespaces + "/", Defaults) is { } name => List(request, name, limit => limit.Default),
            _ when SimulatorRoutes.Segment(path, Namespaces + "/", "") is { } name => List(request, name, limit => limit.Value),
            _ => null,
        };
    }

    private Reply List(HttpRequest request, string name, Func<OrganizationLimit, int> value)
    {
        RejectParameters(request);
        if (!_catalog.Namespaces.Contains(name))
        {
            throw ApiException.NotFound();
        }

        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            foreach (var limit in _catalog.Of(name))
            {
                writer.WriteStartObject();
                writer.WriteString("namespace", limit.Namespace);
                writer.WriteString("key", limit.Key);
                writer.WriteNumber("value", value(limit));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private Reply Document(HttpRequest request)
    {
        RejectParameters(request);
        return Reply.OfJson(WriteDocumentation);
    }

    private void WriteDocumentation(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("url", "https://developer.genesys.cloud/organization/organization/limits");
        writer.WriteStartArray("namespaces");
        foreach (var name in _catalog.Namespaces)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("friendlyName", name);
            writer.WriteStartArray("limits");
            foreach (var limit in _catalog.Of(name))
            {
                WriteDocument(writer, limit);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter writer, OrganizationLimit limit)
    {
        writer.WriteStartObject();
        writer.WriteString("key", limit.Key);
        writer.WriteNumber("defaultValue", limit.Default);
        writer.WriteString("description", limit.Description);
        writer.WriteString("resource", limit.Namespace);
        writer.WriteBoolean("configurable", true);
        writer.WriteBoolean("trackable", true);
        writer.WriteEndObject();
    }

    private static void RejectParameters(HttpRequest request)
    {
        if (request.Query.Keys.FirstOrDefault() is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }
    }
}
