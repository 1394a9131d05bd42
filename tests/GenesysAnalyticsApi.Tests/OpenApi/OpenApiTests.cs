using System.Text.Json;

namespace GenesysAnalyticsApi.Tests.OpenApi;

/// <summary>
/// The contract is a file under review. After a change that is meant:
/// <code>UPDATE_SNAPSHOTS=1 dotnet test</code>
/// </summary>
public sealed class OpenApiTests
{
    private const string Snapshot = "tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json";

    [Fact]
    public async Task The_document_is_the_one_that_was_reviewed()
    {
        var served = await ServedAsync() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(Repository.PathOf(Snapshot), served, TestContext.Current.CancellationToken);
        }

        served.ShouldBe(Repository.Read(Snapshot), $"If the change is meant, run UPDATE_SNAPSHOTS=1 dotnet test and review {Snapshot}.");
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_for_and_how_it_fails()
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
    public async Task The_document_names_no_server_so_that_it_is_the_same_everywhere()
    {
        using var document = JsonDocument.Parse(await ServedAsync());

        document.RootElement.TryGetProperty("servers", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_page_is_there()
    {
        using var service = new RunningService();

        var page = await service.CreateClient().GetStringAsync("/swagger/index.html", TestContext.Current.CancellationToken);

        page.ShouldContain("Genesys analytics");
    }

    private static async Task<string> ServedAsync()
    {
        using var service = new RunningService();
        return await service.CreateClient().GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken);
    }
}
