using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>Reads the current state of queues with either client: <see cref="IActivityCalls"/> sends the requests, and this class reads the pages.</summary>
internal sealed class ActivityGateway(
    IActivityCalls calls, GenesysApiClient api, GenesysClock genesysClock, PresenceMap presences, LimitCeilings ceilings, IOptions<GenesysOptions> options, TimeProvider clock) : IActivityGateway
{
    /// <summary>
    /// The maximum number of pages, with up to 100,000 groups. Genesys does not state the number of pages, and a wrong reply must not cause endless reads.
    /// </summary>
    private const int MaxPages = 200;

    // Genesys' page size limits are multiples of this number. If Genesys limits pages to fewer groups than requested, a page with fewer groups can be full.
    private const int PageSizeStep = 25;

    private volatile int _pageSize = ActivityWire.PageSize;
    private volatile int _largestPage;

    public Task<ActivityReply> QueryConversationsAsync(ActivityRequest request, CancellationToken cancellationToken)
    {
        var query = ActivityWire.ConversationsQuery(request.QueueIds);
        return ReadAsync(request, (call, page) => calls.QueryConversationsAsync(call, query, page, cancellationToken), hasPages: true, cancellationToken);
    }

    public Task<ActivityReply> QueryUsersAsync(ActivityRequest request, CancellationToken cancellationToken)
    {
        var query = ActivityWire.UsersQuery(request.QueueIds);
        return ReadAsync(request, (call, page) => calls.QueryUsersAsync(call, query, page, cancellationToken), hasPages: true, cancellationToken);
    }

    public Task<ActivityReply> QueryObservationsAsync(ActivityRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.QueueIds.Length, nameof(request));
        var query = ActivityWire.ObservationsQuery(request.QueueIds);
        return ReadAsync(request, (call, _) => calls.QueryObservationsAsync(call, query, cancellationToken), hasPages: false, cancellationToken);
    }

    private async Task<ActivityReply> ReadAsync(
        ActivityRequest request, Func<GenesysCallContext, ActivityPaging, Task> sendRequest, bool hasPages, CancellationToken cancellationToken)
    {
        while (true)
        {
            var size = ceilings.ActivityPageSize(_pageSize);
            try
            {
                return await ReadPagesAsync(request, sendRequest, hasPages ? size : null, cancellationToken);
            }
            catch (GenesysException exception) when (hasPages && PageSizeLimitParser.MaxOf(exception.Failure, size) is { } max)
            {
                // The limit is remembered, so Genesys does not reject another request because of it.
                _pageSize = Math.Min(max, _pageSize);
            }
        }
    }

    /// <param name="pageSize">Null for a query without pages.</param>
    private async Task<ActivityReply> ReadPagesAsync(
        ActivityRequest request, Func<GenesysCallContext, ActivityPaging, Task> sendRequest, int? pageSize, CancellationToken cancellationToken)
    {
        var figures = new ActivityFigures();
        Instant? fetchedAt = null;
        var attempts = 0;
        for (var pageNumber = 1; ; pageNumber++)
        {
            ActivityPage? page = null;
            var call = api.CreateCall(
                request.Origin, GenesysPermissions.QueueActivity, async (body, token) => page = await ActivityReplyReader.ReadAsync(body, token), ReplyLimit.Analytics(options.Value.MaxAnswerBytes));
            await sendRequest(call, new ActivityPaging(pageSize ?? ActivityWire.PageSize, pageNumber));
            fetchedAt ??= Instant.FromDateTimeOffset(call.SentAt);
            attempts += call.Attempts;
            presences.Learn(page!.Presences);

            // If a page contains nothing new, Genesys has returned the same page again.
            var hasNew = figures.Add(page);
            if (pageSize is not { } size || !hasNew || !MayBeFull(page.Groups, size))
            {
                break;
            }

            if (pageNumber == MaxPages)
            {
                throw GenesysExceptionFactory.Unreadable($"it has more than {MaxPages} pages", RetryKind.Never);
            }
        }

        await LearnPresencesAsync(figures, request.Origin, cancellationToken);
        var ahead = Duration.FromTimeSpan(genesysClock.Ahead ?? TimeSpan.Zero);
        return figures.ToReply(fetchedAt.Value, attempts, presences, ahead, Instant.FromDateTimeOffset(clock.GetUtcNow()));
    }

    /// <summary>
    /// Whether another page could follow, which Genesys does not state. Genesys could have limited the page to fewer groups than requested, but not to fewer
    /// groups than an earlier page contained.
    /// </summary>
    private bool MayBeFull(int groups, int pageSize)
    {
        var largest = _largestPage = Math.Max(_largestPage, groups);
        return groups >= pageSize || (groups > 0 && groups == largest && groups % PageSizeStep == 0);
    }

    /// <summary>
    /// Activity queries can return the id of an organization's own presence without the system presence. The reply to the observations query contains the
    /// mapping. Without the mapping, the users are counted as <see cref="PresenceMap.Unknown"/>.
    /// </summary>
    private async Task LearnPresencesAsync(ActivityFigures figures, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (figures.QueueWithUnknownPresence(presences) is not { } queueId || !presences.MayAsk(clock.GetUtcNow()))
        {
            return;
        }

        try
        {
            ActivityPage? page = null;
            var call = api.CreateCall(origin, GenesysPermissions.QueueActivity, async (body, token) => page = await ActivityReplyReader.ReadAsync(body, token), ReplyLimit.Analytics(options.Value.MaxAnswerBytes));
            await calls.QueryObservationsAsync(call, ActivityWire.ObservationsQuery([queueId]), cancellationToken);
            presences.Learn(page!.Presences);
        }
        catch (GenesysException)
        {
            // The figures are complete even without the mapping.
        }
    }
}

/// <param name="PageNumber">From 1.</param>
internal readonly record struct ActivityPaging(int PageSize, int PageNumber);
