using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>One asynchronous query, from its submission until its last page has been read. Its requests are sent one after the other.</summary>
internal sealed class AsyncQuery(AsyncQueryDefinition definition, GenesysApiClient api, GenesysOptions options, TimeProvider clock)
{
    /// <summary>How many times a request for one page is repeated after Genesys rejects it, although Genesys has reported the query as fulfilled.</summary>
    private const int MaxRejectedReads = 2;

    private const double PauseGrowth = 1.5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly AsyncQueryPages _pages = new();
    private readonly long _started = clock.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>The id that Genesys gave the query; null until the query has been submitted.</summary>
    public string? Id { get; private set; }

    /// <summary>Attempts sent to Genesys.</summary>
    public int Calls { get; private set; }

    public int Pages => _pages.Count;

    /// <summary>How the query ended, for telemetry; <see cref="GenesysTelemetry.Abandoned"/> until the query ends.</summary>
    public string Outcome { get; set; } = GenesysTelemetry.Abandoned;

    /// <summary>Whether the last page has been read.</summary>
    public bool IsComplete => _pages.IsComplete;

    /// <summary>When the query was submitted.</summary>
    public DateTimeOffset SubmittedAt { get; private set; }

    /// <summary>Submits the query and waits until Genesys has computed it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SubmitAsync(cancellationToken);
        await ConvertRejectedReadAsync(WaitUntilFulfilledAsync, cancellationToken);
    }

    /// <summary>Reads the next page of a query that has been started and is not complete.</summary>
    public Task ReadPageAsync(CancellationToken cancellationToken) => ConvertRejectedReadAsync(
        async token => _pages.Add(await RequestPageAsync(token)),
        cancellationToken);

    private static async Task ConvertRejectedReadAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step(cancellationToken);
        }
        catch (GenesysException e) when (IsRejectedRead(e.Failure))
        {
            throw new GenesysException(AsyncQueryFailures.AfterSubmission(e.Failure), e.Calls, e);
        }
    }

    /// <summary>
    /// Submits the query. Genesys limits how many asynchronous queries run at the same time (it does not publish the number), and its rate limit applies too.
    /// If Genesys rejects the submission because of one of these limits, the submission is repeated after a pause, as long as the pause fits into
    /// <c>Genesys:AsyncQueryTimeout</c>. The pause is acceptable, because an asynchronous query can take minutes anyway.
    /// </summary>
    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                SubmittedAt = await SendAsync(
                    async (_, body, token) => Id = await AsyncQueryStatus.ReadIdAsync(body, token),
                    definition.SubmitAsync,
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
                (call, token) => definition.GetStatusAsync(call, Id!, token),
                ReplyLimit.Small,
                cancellationToken);
        }
        while (status!.IsRunning);

        if (status.State != AsyncQueryState.Fulfilled)
        {
            throw status.State switch
            {
                AsyncQueryState.Failed => AsyncQueryFailures.Failed(status.ErrorMessage, options.ClientSecret, definition.Permission),
                AsyncQueryState.Cancelled => AsyncQueryFailures.Cancelled(),
                _ => AsyncQueryFailures.Expired(),
            };
        }
    }

    /// <summary>
    /// Requests the next page. If Genesys does not return the page yet (202) or rejects the request, the method waits until Genesys reports the query as
    /// fulfilled, and then requests the page again. The method fails if the query has failed, or if Genesys rejects the page too often.
    /// </summary>
    private async Task<ResultsPage> RequestPageAsync(CancellationToken cancellationToken)
    {
        var rejections = 0;
        while (true)
        {
            ResultsPage? page = null;
            try
            {
                await SendAsync(
                    async (call, body, token) => page = call.Status == HttpStatusCode.Accepted ? null : await definition.ReadAsync(body, token),
                    (call, token) => definition.GetResultsAsync(call, Id!, _pages.Cursor, token),
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

    /// <param name="limit">Maximum size of the reply; null for the maximum size of replies with figures or conversations.</param>
    /// <returns>When the successful attempt was sent.</returns>
    private async Task<DateTimeOffset> SendAsync(
        Func<GenesysCallContext, Stream, CancellationToken, ValueTask> readReply,
        Func<GenesysCallContext, CancellationToken, Task> sendRequest,
        ReplyLimit? limit,
        CancellationToken cancellationToken)
    {
        GenesysCallContext? call = null;
        call = api.CreateCall(definition.Origin, definition.Permission, (body, token) => readReply(call!, body, token), limit);
        try
        {
            await sendRequest(call, cancellationToken);
            return call.SentAt;
        }
        finally
        {
            Calls += call.Attempts;
        }
    }

    private async Task PauseAsync(TimeSpan minimum, CancellationToken cancellationToken)
    {
        await Task.Delay(minimum > _pause ? minimum : _pause, clock, cancellationToken);
        _pause = _pause * PauseGrowth is var next && next < LongestPause ? next : LongestPause;
    }

    private bool IsWorthWaiting(TimeSpan? wait)
    {
        var pause = wait > _pause ? wait.Value : _pause;
        return pause < options.AsyncQueryTimeout - clock.GetElapsedTime(_started);
    }

    /// <summary>
    /// Whether Genesys rejected a request for the state or the results. It had accepted the query, so even a 403 or a 501 concerns only this query. For a
    /// submission, these statuses mean that Genesys does not offer asynchronous queries to this OAuth client.
    /// </summary>
    private static bool IsRejectedRead(GenesysFailure failure) =>
        failure is { Kind: GenesysFailureKind.Rejected or GenesysFailureKind.Forbidden, Status: >= 400, CallsUsedUp: false } or { Kind: GenesysFailureKind.Unavailable, Status: 501 };
}
