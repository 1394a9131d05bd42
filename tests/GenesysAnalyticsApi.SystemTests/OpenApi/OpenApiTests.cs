using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.OpenApi;

namespace GenesysAnalyticsApi.SystemTests.OpenApi;

/// <summary>
/// The OpenAPI document must equal a reviewed snapshot. After an intended change, update the snapshot:
/// <code>UPDATE_SNAPSHOTS=1 dotnet test</code>
/// </summary>
public sealed class OpenApiTests
{
    private const string Snapshot = "tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json";

    [Fact]
    public async Task The_document_matches_the_reviewed_snapshot()
    {
        var served = await ServedAsync() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(Repository.PathOf(Snapshot), served, TestContext.Current.CancellationToken);
        }

        served.ShouldBe(Repository.Read(Snapshot), $"If the change is intended, run UPDATE_SNAPSHOTS=1 dotnet test and review {Snapshot}.");
    }

    [Fact]
    public async Task Every_operation_documents_its_purpose_and_its_errors()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var described = document.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToList();

        foreach (var operation in document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            operation.Value.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty();
            operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            operation.Value.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBeSubsetOf(described);
            operation.Value.GetProperty("responses").EnumerateObject()
                .Where(response => response.Name[0] is '4' or '5' && response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _))
                .ShouldAllBe(response => response.Value.GetRawText().Contains("#/components/schemas/ProblemBody"));
        }
    }

    [Fact]
    public async Task An_OpenAPI_parser_reports_no_errors_or_warnings()
    {
        var read = OpenApiDocument.Parse(await ServedAsync(), OpenApiConstants.Json);
        var operations = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Values).ToList();

        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();
        operations.Select(operation => operation.OperationId).ShouldBeUnique();
        operations.SelectMany(operation => operation.Responses!.Values).ShouldAllBe(response => response.Content == null || response.Content.Values.All(content => content.Schema != null));
        operations.SelectMany(operation => operation.Parameters ?? []).ShouldAllBe(parameter => parameter.Description!.Contains("For example `"));
    }

    [Fact]
    public void Every_parameter_has_metadata()
    {
        AggregatesParameterMetadata.All.Keys.ShouldBe(AggregatesParameters.Names);
        QueuesParameters.Metadata.Keys.ShouldBe(QueuesParameters.ParameterNames);
    }

    /// <summary>Swagger UI prefills examples and defaults; the resulting query must succeed.</summary>
    [Fact]
    public async Task The_prefilled_query_of_the_page_succeeds()
    {
        var read = OpenApiDocument.Parse(await ServedAsync(), OpenApiConstants.Json);
        var filledIn = read.Document!.Paths["/aggregates"].Operations![HttpMethod.Get].Parameters!
            .Select(parameter => (parameter.Name, Value: parameter.Example ?? parameter.Schema!.Examples?.FirstOrDefault() ?? parameter.Schema.Default))
            .Where(parameter => parameter.Value is not null)
            .SelectMany(parameter => (parameter.Value as System.Text.Json.Nodes.JsonArray ?? [parameter.Value!.DeepClone()]).Select(value => $"{parameter.Name}={value}"))
            .ToList();
        using var service = RunningService.Simulated();

        using var response = await service.CreateClient().GetAsync($"/aggregates?{string.Join('&', filledIn)}", TestContext.Current.CancellationToken);

        filledIn.ShouldBe(["timeZone=UTC", "groupBy=queueId", "groupBy=mediaType", "fill=none", "totals=false", "bom=false", "explain=false"]);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_example_response_is_realistic()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var example = document.RootElement.GetProperty("paths").GetProperty("/aggregates").GetProperty("get").GetProperty("responses")
            .GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");

        var record = example.Deserialize(ResponseJson.TypeInfo)!.Records.ShouldHaveSingleItem();

        JsonSerializer.Serialize(example.Deserialize(ResponseJson.TypeInfo)!, ResponseJson.TypeInfo).ShouldBe(JsonSerializer.Serialize(example));
        record.TotalInteractions.ShouldBe(record.Offered + record.Outbound);
        record.AverageHandleTimeMs.ShouldBe((double)record.TotalHandleTimeMs! / record.Handled);
        record.AverageSpeedOfAnswerMs.ShouldBe((double)record.AnswerTimeMs! / record.Answered);
        record.ServiceLevel.ShouldBe(record.ServiceLevelNumerator / record.ServiceLevelDenominator);
        record.AnswerRate.ShouldBe((double)record.Answered! / record.Offered);
        record.TransferRate.ShouldBe((double)record.Transferred! / record.Handled);
    }

    [Fact]
    public async Task Every_problem_type_of_an_operation_has_an_example()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var problems = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject())
            .Where(response => response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out _));

        foreach (var response in problems)
        {
            var named = ProblemType.All.Where(type => response.Value.GetProperty("description").GetString()!.Contains($"`{type.Name}`")).Select(type => type.Name);
            response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").EnumerateObject()
                .Select(example => example.Name).ShouldBe(named, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task The_Swagger_page_is_served()
    {
        using var service = new RunningService();

        var page = await service.CreateClient().GetStringAsync("/swagger/index.html", TestContext.Current.CancellationToken);

        page.ShouldContain("Genesys analytics");
        (await service.CreateClient().GetStringAsync("/swagger/index.js", TestContext.Current.CancellationToken)).ShouldContain("v1/page.json");
    }

    [Theory]
    [InlineData("/swagger/%0A")]
    [InlineData("/swagger/%0D%0AX-Injected:%201")]
    [InlineData("/swagger%09")]
    public async Task A_control_character_in_the_address_is_not_redirected(string path)
    {
        using var service = new RunningService();

        using var response = await service.CreateClient(new() { AllowAutoRedirect = false }).GetAsync(path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.Location.ShouldBeNull();
    }

    private static async Task<string> ServedAsync()
    {
        using var service = new RunningService();
        return await service.CreateClient().GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken);
    }
}
