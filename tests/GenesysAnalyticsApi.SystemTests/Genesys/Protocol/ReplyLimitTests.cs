using System.IO.Compression;
using System.Text;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.SystemTests.Fuzzing;
using GenesysAnalyticsApi.SystemTests.Genesys.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.SystemTests.Genesys.Protocol;

/// <summary>Endless replies, compressed or not, through the real HTTP handler: memory stays bounded and the failure says what was too long.</summary>
// These tests measure the memory of the whole process.
[Collection(Alone.Name)]
public sealed class ReplyLimitTests : IAsyncLifetime
{
    private const long MiB = 1024 * 1024;

    private readonly WebApplication _genesys = Server();
    private Func<HttpContext, Task>? _login;
    private Func<HttpContext, Task>? _queues;
    private Func<HttpContext, Task>? _aggregates;
    private RunningService _service = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _genesys.MapPost("/oauth/token", context => _login?.Invoke(context) ?? context.Response.WriteAsJsonAsync(new { access_token = "token-of-the-server", expires_in = 300 }, TestCancellation));
        _genesys.MapGet("/api/v2/routing/queues", context => _queues?.Invoke(context) ?? context.Response.WriteAsync("""{"entities":[{"id":"q1","name":"One"}],"pageNumber":1,"pageCount":1}""", TestCancellation));
        _genesys.MapPost(GenesysWire.AggregatesPath, context => _aggregates?.Invoke(context) ?? context.Response.WriteAsync("""{"results":[]}""", TestCancellation));
        await _genesys.StartAsync(TestCancellation);
        var address = _genesys.Urls.Single();
        _service = new RunningService
        {
            Upstream = null,
            Clock = new FastClock(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero), 20),
            Settings = new()
            {
                ["Genesys:ApiBaseUrl"] = address,
                ["Genesys:LoginBaseUrl"] = address,
                ["Genesys:MaxAnswerBytes"] = "1048576",
                ["Genesys:AttemptTimeout"] = "00:04:00",
                ["Genesys:TotalTimeout"] = "00:20:00",
                ["Aggregates:Timeout"] = "00:30:00",
            },
        };
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_decompression_bomb_instead_of_a_token_takes_no_memory(string coding)
    {
        // A gigabyte in one string.
        _login = context => BombAsync(context, coding, "{\"access_token\":\"", 1024);

        var (response, allocated) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02");

        response.Status.ShouldBe(502);
        response.Detail.ShouldBe("The reply of the Genesys login exceeds the fixed limit of 65536 bytes and was discarded.");
        allocated.ShouldBeLessThan(100 * MiB);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_decompression_bomb_instead_of_queues_takes_no_more_memory_than_a_page_may(string coding)
    {
        _queues = context => BombAsync(context, coding, "{\"entities\":[{\"id\":\"", 512);

        var (response, allocated) = await MeasuredAsync("/queues");

        response.Status.ShouldBeGreaterThanOrEqualTo(500);
        response.Detail.ShouldContain("exceeds the fixed limit of 33554432 bytes");
        response.Detail.ShouldNotContain("could not be reached");
        allocated.ShouldBeLessThan(600 * MiB);
    }

    [Theory]
    [InlineData("gzip", "{\"results\":[{\"group\":{\"queueId\":\"")]
    [InlineData("br", "{\"other\":\"")]
    [InlineData("", "{\"results\":[]")]
    public async Task A_decompression_bomb_instead_of_figures_ends_at_the_configured_limit(string coding, string start)
    {
        _aggregates = context => BombAsync(context, coding, start, 256, filler: start.EndsWith('"') ? (byte)'x' : (byte)' ');

        var (response, allocated) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02");

        response.Status.ShouldBe(502);
        response.Detail.ShouldNotContain("could not be reached");
        allocated.ShouldBeLessThan(200 * MiB);
        if (!start.EndsWith('"'))
        {
            response.Detail.ShouldContain("exceeds 1048576 bytes (Genesys:MaxAnswerBytes)");
        }
    }

    [Fact]
    public async Task A_reply_that_is_too_large_is_requested_in_halves()
    {
        var intervals = new List<string>();
        _aggregates = async context =>
        {
            using var body = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body, cancellationToken: TestCancellation);
            var interval = body.RootElement.GetProperty("interval").GetString()!;
            lock (intervals)
            {
                intervals.Add(interval);
            }

            var ends = interval.Split('/').Select(end => DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var isLong = ends[1] - ends[0] > TimeSpan.FromHours(12);
            await context.Response.WriteAsync("""{"results":[]}""" + new string(' ', isLong ? 2 * (int)MiB : 10), TestCancellation);
        };

        var (response, _) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02&granularity=PT1H");

        response.Status.ShouldBe(200);
        intervals.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Only_the_beginning_of_an_error_body_is_read()
    {
        _aggregates = context =>
        {
            context.Response.StatusCode = 400;
            return BombAsync(context, "gzip", """{"code":"bad.request","message":"no","details":[""", 512);
        };

        var (response, allocated) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02");

        response.Status.ShouldBe(502);
        response.Body.ShouldContain("bad.request", Case.Sensitive, response.Body);
        allocated.ShouldBeLessThan(100 * MiB);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_reported()
    {
        _aggregates = async context =>
        {
            for (var i = 0; i < 64; i++)
            {
                context.Response.Headers[$"X-{i}"] = new string('x', 1024);
            }

            await context.Response.WriteAsync("{}", TestCancellation);
        };

        var (response, _) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02");

        response.Status.ShouldBe(502);
        response.Detail.ShouldContain("its headers exceed 32 KiB");
    }

    [Fact]
    public async Task Texts_of_an_error_are_truncated()
    {
        _aggregates = async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.Headers["ININ-Correlation-Id"] = new string('c', 5_000);
            await context.Response.WriteAsJsonAsync(new { code = new string('k', 20_000), message = new string('m', 20_000) }, TestCancellation);
        };

        var (response, _) = await MeasuredAsync("/aggregates?from=2026-01-01&to=2026-01-02");

        response.Body.Length.ShouldBeLessThan(1_500);
    }

    [Fact]
    public async Task A_page_with_millions_of_entries_is_rejected()
    {
        var entries = string.Join(',', Enumerable.Repeat("1", 2_000_000));
        _queues = context => context.Response.WriteAsync($$"""{"entities":[{{entries}}],"pageNumber":1,"pageCount":1}""", TestCancellation);

        var (response, allocated) = await MeasuredAsync("/queues");

        response.Status.ShouldBeGreaterThanOrEqualTo(500);
        response.Detail.ShouldContain("has 2000000 entries, but 500 were requested");
        allocated.ShouldBeLessThan(400 * MiB);
    }

    [Fact]
    public async Task Queue_names_are_truncated()
    {
        _queues = context => context.Response.WriteAsJsonAsync(
            new { entities = new[] { new { id = "q1", name = new string('n', 1_000_000), division = new { id = "d", name = new string('d', 1_000_000) } } }, pageNumber = 1, pageCount = 1 }, TestCancellation);

        var (response, _) = await MeasuredAsync("/queues");

        response.Status.ShouldBe(200);
        response.Body.Length.ShouldBeLessThan(3_000);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _genesys.DisposeAsync();
    }

    private async Task<(CallerResponse Response, long Allocated)> MeasuredAsync(string path)
    {
        using var client = _service.CreateClient();
        using var warm = await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestCancellation);
        var before = GC.GetTotalAllocatedBytes();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        var result = new CallerResponse((int)response.StatusCode, null, await response.Content.ReadAsStringAsync(TestCancellation));
        return (result, GC.GetTotalAllocatedBytes() - before);
    }

    private static async Task BombAsync(HttpContext context, string coding, string start, int mebibytes, byte filler = (byte)'x')
    {
        if (coding.Length > 0)
        {
            context.Response.Headers.ContentEncoding = coding;
        }

        context.Response.ContentType = "application/json";
        var block = new byte[MiB];
        Array.Fill(block, filler);
        try
        {
            await using Stream body = coding switch
            {
                "gzip" => new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
                _ => new BufferedStream(context.Response.Body),
            };
            await body.WriteAsync(Encoding.UTF8.GetBytes(start), context.RequestAborted);
            for (var i = 0; i < mebibytes; i++)
            {
                await body.WriteAsync(block, context.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The service has read enough and closed the connection.
        }
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        return server;
    }
}
