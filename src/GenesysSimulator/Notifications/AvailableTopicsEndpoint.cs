using System.Text.Json;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Notifications;

/// <summary>Serves GET /api/v2/notifications/availabletopics: the topics for which the simulator sends messages.</summary>
internal static class AvailableTopicsEndpoint
{
    private static readonly string[] Expandable =
    [
        "description", "enforced", "schema", "visibility", "transports", "publicApiTemplateUriPaths", "requiresPermissions", "permissionDetails",
        "topicParameters",
    ];

    private static readonly (string Id, string Description)[] Topics =
    [
        ($"{Topic.QueuePrefix}{{id}}.{Topic.Activity}", "The waiting, alerting and interacting conversations of a queue"),
        ($"{Topic.QueuePrefix}{{id}}.{Topic.Observations}", "The observations of a queue, and its metrics for the current half hour"),
    ];

    public static Reply List(HttpRequest request)
    {
        if (request.Query.Keys.FirstOrDefault(key => key is not ("expand" or "includePreview")) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        Listing.OneOf(request, "includePreview", "true", "false");
        string[] expand = [.. request.Query["expand"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))];
        if (expand.FirstOrDefault(name => !Expandable.Contains(name)) is { } invalid)
        {
            throw ApiException.InvalidValue(invalid, "expand", Expandable);
        }

        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            foreach (var (id, description) in Topics)
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                foreach (var name in expand.Distinct())
                {
                    WriteExpanded(writer, name, description);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void WriteExpanded(Utf8JsonWriter writer, string name, string description)
    {
        switch (name)
        {
            case "description":
                writer.WriteString(name, description);
                break;
            case "enforced":
                writer.WriteBoolean(name, true);
                break;
            case "visibility":
                writer.WriteString(name, "Public");
                break;
            case "transports":
                WriteList(writer, name, "Websocket", "EventBridge", "ProcessAutomation");
                break;
            case "requiresPermissions":
                WriteList(writer, name, "analytics:queueObservation:view");
                break;
            case "topicParameters":
                WriteList(writer, name, "id");
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, params ReadOnlySpan<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
