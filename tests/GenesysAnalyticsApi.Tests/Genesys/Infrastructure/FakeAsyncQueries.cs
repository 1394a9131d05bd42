using System.Net;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>
/// The asynchronous queries of a fake Genesys. By default, the first poll returns PENDING, the second one FULFILLED, and there is one page. A test
/// replaces the lists that it is about. A list that is used up repeats its last item.
/// </summary>
internal sealed class FakeAsyncQueries
{
    public const string Path = "/api/v2/analytics/conversations/aggregates/jobs";

    public const string DetailsPath = "/api/v2/analytics/conversations/details/jobs";

    private readonly GatewayDriver _driver;
    private readonly string _path;
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    public FakeAsyncQueries(GatewayDriver driver, string path = Path)
    {
        (_driver, _path) = (driver, path);
        driver.Genesys.DefaultReply = Reply;
    }

    public List<(int Status, string Body)> Submissions { get; set; } = [(202, """{"jobId":"job 1"}""")];

    public List<(int Status, string Body)> States { get; set; } = [(200, """{"state":"PENDING"}"""), (200, """{"state":"FULFILLED"}""")];

    public List<(int Status, string Body)> Pages { get; set; } = [(200, Wire.OneQueue)];

    public List<(int Status, string Body)> Deletions { get; set; } = [(204, "")];

    /// <summary>The requests so far, such as <c>GET /job%201/results?cursor=a</c>.</summary>
    public IReadOnlyList<string> Sent => [.. _driver.Genesys.Requests.Select(Shown)];

    public bool IsDeleted => Sent.Contains("DELETE /job%201");

    private string Shown(Sent request) => $"{request.Method} {request.Url.PathAndQuery[_path.Length..]}";

    private HttpResponseMessage Reply(Sent request)
    {
        var (status, body) = Shown(request) switch
        {
            "POST " => Next(nameof(Submissions), Submissions),
            "GET /job%201" => Next(nameof(States), States),
            "DELETE /job%201" => Next(nameof(Deletions), Deletions),
            var results when results.StartsWith("GET /job%201/results", StringComparison.Ordinal) => Next(nameof(Pages), Pages),
            var other => throw new InvalidOperationException($"Unexpected request: {other}"),
        };
        return FakeGenesysHandler.Response((HttpStatusCode)status, body);
    }

    private (int Status, string Body) Next(string name, List<(int Status, string Body)> replies)
    {
        lock (_used)
        {
            var number = _used.GetValueOrDefault(name);
            _used[name] = number + 1;
            return replies[Math.Min(number, replies.Count - 1)];
        }
    }
}
