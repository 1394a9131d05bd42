using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>One asynchronous query, from its submission until its last page was read. Its calls run one after the other.</summary>
internal sealed class AsyncQuery(IAsyncQueryCalls calls, GenesysApiClient api, AggregatesRequest request, GenesysOptions options, TimeProvider clock)
{
    /// <summary>How often Genesys may reject a request for the results of a query that it says is fulfilled.</summary>
    private const int MaxRejectedReads = 2;

    private const double PauseGrowth = 1.5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly AsyncQueryPages _pages = new(request);
    private readonly long _started = clock.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromSeconds(1);
    private DateTimeOffset _submittedAt;

    /// <summary>Genesys' name of the query; null until it was submitted.</summary>
    public string? Id { get; private set; }

    /// <summary>Attempts sent to Genesys.</summary>
    public int Calls { get; private set; }

    public int Pages => _pages.Count;

    public async Task<AggregatesReply> RunAsync(CancellationToken cancellationToken)
    {
        await SubmitAsync(cancellationToken);
        try
        {
            await WaitUntilFulfilledAsync(cancellationToken);
            while (!_pages.IsComplete)
            {
                _pages.Add(await ReadPageAsync(cancellationToken));
            }

            return new AggregatesReply(_pages.ToFacts(), Instant.FromDateTimeOffset(_submittedAt), Calls);
        }
        catch (GenesysException e) when (IsRejectedRead(e.Failure))
        {
            throw new GenesysException(AsyncQueryFailures.AfterSubmission(e.Failure), e.Calls, e);
        }
    }

    /// <summary>
    /// Submits the query. Genesys limits the asynchronous queries that run at the same time, by a number that it does not publish, and its rate limit
    /// applies too. Both are reasons to wait for a while, because an asynchronous query is expected to take minutes.
    /// </summary>
    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        var query = GenesysWire.CreateQuery(request) with { PageSize = options.AsyncQueryPageSize };
        while (true)
        {
            try
            {
                _submittedAt = await SendAsync(
                    async (_, body, token) => Id = await AsyncQueryStatus.ReadIdAsync(body, token),
                    (call, token) => calls.SubmitAsync(call, query, token),
                    ReplyLimit.Small,
                    cancellationToken);
                return;
            }
            catch (GenesysException e) when (e.Failure is { Kind: GenesysFailureKind.RateLimited, CallsUsedUp: false } && IsWorthWaiting(e.Failure.RetryAfter))
            {
                await PauseAsync(e.Failure.RetryAfter ?? TimeSpan.Zero, cancellationToken);
            }
        }
    }

    private async Task WaitUntilFulfilledAsync(CancellationToken cancellationToken)
    {
        AsyncQueryStatus? status;
        do
        {
            await PauseAsync(TimeSpan.Zero, cancellationToken);
            status = null;
            await SendAsync(
                async (_, body, token) => status = await AsyncQueryStatus.ReadAsync(body, token),
                (call, token) => calls.GetStatusAsync(call, Id!, token),
                ReplyLimit.Small,
                cancellationToken);
        }
        while (status!.IsRunning);

        if (status.State != AsyncQueryState.Fulfilled)
        {
            throw status.State switch
            {
                AsyncQueryState.Failed => AsyncQueryFailures.Failed(status.ErrorMessage, options.ClientSecret),
                AsyncQueryState.Cancelled => AsyncQueryFailures.Cancelled(),
                _ => AsyncQueryFailures.Expired(),
            };
        }
    }

    /// <summary>Reads the next page. If Genesys does not deliver it yet (202) or rejects the request, its state says whether another attempt can help.</summary>
    private async Task<ResultsPage> ReadPageAsync(CancellationToken cancellationToken)
    {
        var rejections = 0;
        while (true)
        {
            ResultsPage? page = null;
            try
            {
                await SendAsync(
                    async (call, body, token) => page = call.Status == HttpStatusCode.Accepted ? null : await _pages.ReadAsync(body, token),
                    (call, token) => calls.GetResultsAsync(call, Id!, _pages.Cursor, token),
                    limit: null,
                    cancellationToken);
            }
            catch (GenesysException e) when (IsRejectedRead(e.Failure) && rejections < MaxRejectedReads)
            {
                rejections++;
            }

            if (page is not null)
            {
                return page;
            }

            await WaitUntilFulfilledAsync(cancellationToken);
        }
    }

    /// <param name="limit">Maximum size of the reply; null for that of figures.</param>
    /// <returns>When the attempt was sent that succeeded.</returns>
    private async Task<DateTimeOffset> SendAsync(
        Func<GenesysCallContext, Stream, CancellationToken, ValueTask> read, Func<GenesysCallContext, CancellationToken, Task> send, ReplyLimit? limit,
        CancellationToken cancellationToken)
    {
        GenesysCallContext? call = null;
        call = api.CreateCall(request.Origin, GenesysWire.AggregatesPermission, (body, token) => read(call!, body, token), limit);
        try
        {
            await send(call, cancellationToken);
            return call.SentAt;
        }
        finally
        {
            Calls += call.Attempts;
        }
    }

    private async Task PauseAsync(TimeSpan atLeast, CancellationToken cancellationToken)
    {
        await Task.Delay(atLeast > _pause ? atLeast : _pause, clock, cancellationToken);
        _pause = _pause * PauseGrowth is var next && next < LongestPause ? next : LongestPause;
    }

    private bool IsWorthWaiting(TimeSpan? wait)
    {
        var pause = wait > _pause ? wait.Value : _pause;
        return pause < options.AsyncQueryTimeout - clock.GetElapsedTime(_started);
    }

    private static bool IsRejectedRead(GenesysFailure failure) => failure is { Kind: GenesysFailureKind.Rejected, Status: >= 400, CallsUsedUp: false };
}
