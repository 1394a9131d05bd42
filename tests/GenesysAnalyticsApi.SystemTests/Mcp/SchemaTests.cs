using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Mcp.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>The schemas of the tools: each property is described, with the texts of the HTTP API where the property is a field or parameter of it.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly RunningService _service = RunningService.Simulated();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Every_property_of_every_schema_has_a_description()
    {
        var undescribed = new List<string>();
        var count = 0;
        foreach (var tool in await ToolsAsync())
        {
            Walk(tool.JsonSchema, $"{tool.Name} input");
            Walk(tool.ReturnJsonSchema!.Value, $"{tool.Name} output");
        }

        undescribed.ShouldBeEmpty();
        count.ShouldBeGreaterThan(150);

        void Walk(JsonElement schema, string path)
        {
            if (schema.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var property in schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToList() : [])
            {
                count++;
                if (!property.Value.TryGetProperty("description", out var description) || description.GetString() is not { Length: > 3 } || description.GetString()!.Contains('<', StringComparison.Ordinal))
                {
                    undescribed.Add($"{path}.{property.Name}");
                }

                Walk(property.Value, $"{path}.{property.Name}");
            }

            foreach (var nested in schema.EnumerateObject().Where(member => member.Name is "items" or "additionalProperties"))
            {
                Walk(nested.Value, $"{path}[]");
            }

            foreach (var definition in schema.TryGetProperty("$defs", out var definitions) ? definitions.EnumerateObject().ToList() : [])
            {
                Walk(definition.Value, $"{path} {definition.Name}");
            }
        }
    }

    [Theory]
    [InlineData("live_queues", "rows", "waiting", "ObservationRecord", "waiting")]
    [InlineData("live_queues", "rows", "longestWaitMs", "ObservationRecord", "longestWaitMs")]
    [InlineData("live_queues", "rows", "usersByPresence", "ObservationRecord", "usersByPresence")]
    [InlineData("conversations", "conversations", "outcome", "ConversationRecord", "outcome")]
    [InlineData("conversations", "conversations", "end", "ConversationRecord", "conversationEnd")]
    [InlineData("find_queues", "queues", "members", "QueueRecord", "memberCount")]
    public async Task A_field_of_the_HTTP_API_has_the_description_of_the_OpenAPI_document(string tool, string list, string property, string schema, string field)
    {
        var described = (await ToolsAsync()).Single(one => one.Name == tool).ReturnJsonSchema!.Value.GetProperty("properties").GetProperty(list).GetProperty("items").GetProperty("properties").GetProperty(property);
        using var document = JsonDocument.Parse(Repository.Read("tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json"));

        var expected = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").GetProperty(field).GetProperty("description").GetString();
        string.Join(' ', described.GetProperty("description").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldBe(string.Join(' ', expected!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task The_labels_and_figures_of_a_row_are_defined_as_the_fields_of_records()
    {
        var schema = (await ToolsAsync()).Single(one => one.Name == "queue_figures").ReturnJsonSchema!.Value;

        Definitions("labels").ShouldBe(RecordFieldDefinitions.Labels.Select(field => (field.Name, field.Description)));
        Definitions("figures").ShouldBe(RecordFieldDefinitions.Figures.Select(field => (field.Name, field.Description)));
        foreach (var row in new[] { schema.GetProperty("properties").GetProperty("total"), schema.GetProperty("properties").GetProperty("rows").GetProperty("items") })
        {
            Reference(row, "of").ShouldBe("#/$defs/labels");
            Reference(row, "figures").ShouldBe("#/$defs/figures");
            Reference(row, "previous").ShouldBe("#/$defs/figures");
        }

        IEnumerable<(string, string)> Definitions(string name) => schema.GetProperty("$defs").GetProperty(name).GetProperty("properties").EnumerateObject().Select(field => (field.Name, field.Value.GetProperty("description").GetString()!));
        static string? Reference(JsonElement row, string property) => row.GetProperty("properties").GetProperty(property).GetProperty("$ref").GetString();
    }

    /// <summary>An argument that means the same as a parameter of the HTTP API has its text, without the part about lists in a URL.</summary>
    [Theory]
    [InlineData("queue_figures", "period", "Instead of from and to: a calendar period in timeZone, in any letter case. Weeks start on Monday. The periods today and this-… end now. Accepted values: today, yesterday,")]
    [InlineData("queue_figures", "granularity", "Bucket size; other notations of the same size (30m, PT60M) are accepted.")]
    [InlineData("queue_figures", "mediaType", "Only these media types. Accepted values: voice, callback,")]
    [InlineData("conversations", "outcome", "Only records with one of these outcomes. Most outbound conversations and callbacks have no outcome. Accepted values: answered, abandoned, flowOut, open.")]
    [InlineData("conversations", "wrapUpCode", "Only records with one of these wrap-up codes: ids from GET /wrapup-codes, or Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT. For example ININ-WRAP-UP-TIMEOUT.")]
    public async Task An_argument_has_the_text_of_the_parameter(string tool, string argument, string expected) =>
        (await ToolsAsync()).Single(one => one.Name == tool).JsonSchema.GetProperty("properties").GetProperty(argument).GetProperty("description").GetString()!.ShouldStartWith(expected);

    private async Task<IList<ModelContextProtocol.Client.McpClientTool>> ToolsAsync()
    {
        await using var assistant = await Assistant.ConnectAsync(_service.CreateClient());
        return await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
