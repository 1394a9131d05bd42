using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.OpenApi;

/// <summary>Rules of the document for all present and future endpoints. Linters and client generators check more (<c>tests/openapi</c>).</summary>
public sealed class OpenApiShapeTests
{
    private static readonly JsonObject Document = JsonNode.Parse(Repository.Read("tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json"))!.AsObject();

    private static IEnumerable<(string Name, JsonObject Operation)> Operations =>
        Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key} {path.Key}", operation.Value!.AsObject())));

    [Fact]
    public void The_document_is_OpenAPI_3_1_and_uses_null_types()
    {
        Document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        Document.ToJsonString().ShouldNotContain("\"nullable\"");
    }

    [Fact]
    public void Every_operation_documents_a_client_error() =>
        Operations.ShouldAllBe(one => one.Operation["responses"]!.AsObject().Any(response => response.Key.StartsWith('4')));

    [Fact]
    public void Every_element_has_a_description()
    {
        var undescribed = new List<string>();
        foreach (var (name, operation) in Operations)
        {
            Look(name, operation);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Look($"{name} {parameter!["name"]}", parameter);
            }

            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                Look($"{name} {status}", response!);
                foreach (var (header, described) in response!["headers"]?.AsObject() ?? [])
                {
                    Look($"{name} {status} {header}", described!);
                }
            }
        }

        foreach (var (name, schema) in Document["components"]!["schemas"]!.AsObject())
        {
            Look(name, schema!);
            foreach (var (property, described) in schema!["properties"]?.AsObject() ?? [])
            {
                Look($"{name}.{property}", described!);
            }
        }

        foreach (var tag in Document["tags"]!.AsArray())
        {
            Look(tag!["name"]!.GetValue<string>(), tag);
        }

        undescribed.ShouldBeEmpty();

        // A description such as "OK" says no more than the status.
        void Look(string what, JsonNode described)
        {
            if (described["description"]?.GetValue<string>() is not { Length: > 2 })
            {
                undescribed.Add(what);
            }
        }
    }

    [Fact]
    public void A_nullable_property_is_a_union_with_null()
    {
        var schemas = Document["components"]!["schemas"]!;

        schemas["AggregateRecord"]!["properties"]!["offered"]!["type"]!.ToJsonString().ShouldBe("""["null","integer"]""");
        var values = schemas["AggregateRecord"]!["properties"]!["metrics"]!["additionalProperties"]!["oneOf"]!.AsArray();
        values[0]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/MetricStatistics");
        values[1]!["type"]!.GetValue<string>().ShouldBe("null");
        // This property is omitted rather than null.
        schemas["ProblemBody"]!["properties"]!["upstream"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/UpstreamProblem");
    }
}
