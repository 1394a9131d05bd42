using System.Globalization;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>Runs asynchronous queries with either client, and advances a fake clock while they wait.</summary>
public abstract class AsyncQueryDriver : IAsyncDisposable
{
    private readonly GatewayDriver _driver = new(options => options.AsyncQueryPageSize = 500);
    private readonly FakeAsyncQueries _queries;

    protected AsyncQueryDriver() => _queries = new FakeAsyncQueries(_driver);

    private protected GatewayDriver Driver => _driver;

    private protected FakeAsyncQueries Queries => _queries;

    public async ValueTask DisposeAsync()
    {
        // Ends a deletion that is still in progress: the services wait for it when they are disposed.
        _driver.Clock.Advance(TimeSpan.FromSeconds(11));
        await GatewayDriver.SettleAsync();
        _driver.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static string Page(string queue, int count, string? cursor, string metric = "nOffered") =>
        PageOf(queue, $$$"""{"interval":"INTERVAL","metrics":[{"metric":"{{{metric}}}","stats":{"count":{{{count}}}}}]}""", cursor);

    private protected static string PageOf(string queue, string bucket, string? cursor) =>
        $$$"""{"results":[{"group":{"mediaType":"voice","queueId":"{{{queue}}}"},"data":[{{{bucket}}}]}]{{{(cursor is null ? "" : $",\"cursor\":\"{cursor}\"")}}}}"""
            .Replace("INTERVAL", "2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z", StringComparison.Ordinal);

    private protected static string[] Counts(AggregateFacts facts) => [.. facts.Columns
        .SelectMany(column => column.Cells.Select((cell, row) => string.Create(CultureInfo.InvariantCulture, $"{facts.Series[cell / facts.BucketCount].QueueId} {column.Metric} {column.Count![row]}")))
        .Order(StringComparer.Ordinal)];

    private protected async Task<AggregatesReply> RunAsync(GatewayDriver? driver = null, AggregatesRequest? request = null)
    {
        driver ??= _driver;
        var pending = driver.Gateway.RunAsynchronousQueryAsync(request ?? GatewayDriver.Request, TestContext.Current.CancellationToken);
        await driver.PassTimeUntilAsync(pending);
        await GatewayDriver.SettleAsync();
        return await pending;
    }

    private protected async Task<GenesysFailure> FailAsync(AggregatesRequest? request = null)
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => RunAsync(request: request));
        await GatewayDriver.SettleAsync();
        return failed.Failure;
    }

    private protected async Task<AggregatesReply> SynchronousAsync()
    {
        _driver.Genesys.Ok(Wire.OneQueue);
        return await _driver.QueryAsync(TestContext.Current.CancellationToken);
    }
}
