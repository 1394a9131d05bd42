using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Documentation;

/// <summary>Every request of <c>GenesysAnalyticsApi.http</c> succeeds, except the one that shows an error.</summary>
public sealed partial class HttpFileTests
{
    private static readonly string Text = Repository.Read("src/GenesysAnalyticsApi/GenesysAnalyticsApi.http");

    [Fact]
    public async Task Every_request_succeeds()
    {
        using var service = RunningService.SimulatedWithTime();
        using var client = service.CreateClient();
        client.Timeout = TimeSpan.FromMinutes(5);
        var requests = Request().Matches(Text).ToList();
        requests.Count.ShouldBeGreaterThan(20);

        var job = "";
        foreach (var one in requests)
        {
            using var request = new HttpRequestMessage(new HttpMethod(one.Groups["method"].Value), one.Groups["path"].Value.Replace("/jobs/{{job}}", job, StringComparison.Ordinal));
            foreach (var line in one.Groups["headers"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Content-Type", StringComparison.Ordinal)))
            {
                request.Headers.Add(line.Split(": ")[0], line.Split(": ")[1]);
            }

            if (one.Groups["body"].Length > 0)
            {
                var type = one.Groups["headers"].Value.Split('\n').Single(line => line.StartsWith("Content-Type", StringComparison.Ordinal)).Split(": ")[1];
                request.Content = new StringContent(one.Groups["body"].Value, System.Text.Encoding.UTF8, type);
            }

            // A stream does not end, so only its headers are read.
            var isStream = one.Groups["path"].Value.Contains("/stream", StringComparison.Ordinal);
            using var response = await client.SendAsync(
                request, isStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);

            var title = one.Groups["title"].Value;
            job = response.StatusCode == HttpStatusCode.Accepted ? response.Headers.Location!.ToString() : job;
            var expected = title.Contains("to see an error", StringComparison.Ordinal) ? HttpStatusCode.BadRequest
                : request.Headers.Contains("Prefer") ? HttpStatusCode.Accepted
                : HttpStatusCode.OK;
            response.StatusCode.ShouldBe(expected, $"{title}: {(isStream ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}");
        }
    }

    [Fact]
    public async Task Every_operation_has_a_request()
    {
        using var service = new RunningService();
        var operations = await OperationsAsync(service.CreateClient());

        var paths = Request().Matches(Text).Select(one => one.Groups["path"].Value.Split('?')[0]).ToList();

        operations.Select(path => path.Key).Where(path => !path.EndsWith("/{id}", StringComparison.Ordinal))
            .ShouldAllBe(path => paths.Any(given => given.Replace("{{job}}", "{id}", StringComparison.Ordinal) == path || (path == "/problems/{name}" && given.StartsWith("/problems/"))));
    }

    private static async Task<JsonObject> OperationsAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative), TestContext.Current.CancellationToken))!["paths"]!.AsObject();

    [GeneratedRegex(@"^### (?<title>.+)\n(?<method>[A-Z]+) \{\{host\}\}(?<path>\S+)\n(?<headers>([A-Z][A-Za-z-]+: .+\n)*)(\n(?<body>([^#\n].*\n)+))?", RegexOptions.Multiline)]
    private static partial Regex Request();
}
