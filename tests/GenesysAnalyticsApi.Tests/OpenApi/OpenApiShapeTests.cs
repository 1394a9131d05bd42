using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.OpenApi;

/// <summary>Rules of the document that hold for every endpoint to come. Linters and client generators have theirs (<c>tests/openapi</c>).</summary>
public sealed class OpenApiShapeTests
{
    private static readonly JsonObject Document = JsonNode.Parse(Repository.Read("tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json"))!.AsObject();

    private static IEnumerable<(string Name, JsonObject Operation)> Operations =>
        Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key} {path.Key}", operation.Value!.AsObject())));

    [Fact]
    public void It_is_OpenAPI_3_1_where_null_is_a_type()
    {
        Document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        Document.ToJsonString().ShouldNotContain("\"nullable\"");
    }

    [Fact]
    public void Every_operation_says_how_a_request_can_be_wrong() =>
        Operations.ShouldAllBe(one => one.Operation["responses"]!.AsObject().Any(response => response.Key.StartsWith('4')));

    [Fact]
    public void Everything_is_described()
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

        // "OK" says nothing that the status has not said.
        void Look(string what, JsonNode described)
        {
            if (described["description"]?.GetValue<string>() is not { Length: > 2 })
            {
                undescribed.Add(what);
            }
        }
    }

    [Fact]
    public void What_may_be_null_is_a_union_with_null()
    {
        var schemas = Document["components"]!["schemas"]!;

        schemas["AggregateRecord"]!["properties"]!["offered"]!["type"]!.ToJsonString().ShouldBe("""["null","integer"]""");
        var values = schemas["AggregateRecord"]!["properties"]!["metrics"]!["additionalProperties"]!["oneOf"]!.AsArray();
        values[0]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/MetricStatistics");
        values[1]!["type"]!.GetValue<string>().ShouldBe("null");
        // Left out rather than null.
        schemas["ProblemBody"]!["properties"]!["upstream"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/UpstreamProblem");
    }
}
