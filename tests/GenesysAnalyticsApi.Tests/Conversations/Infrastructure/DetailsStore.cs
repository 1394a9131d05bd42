using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Conversations.Infrastructure;

/// <summary>Serves the Genesys requests for conversations from a list in memory, with Genesys' rules and limits.</summary>
internal sealed class DetailsStore : IConversationDetails
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15);

    private int _queries;

    public List<ConversationDetail> All { get; init; } = [];

    public int MaxDays { get; init; } = 31;

    /// <summary>The time up to which the data of asynchronous queries is complete, as Genesys announces it.</summary>
    public Instant AvailableUntil { get; init; } = Now - Duration.FromHours(6);

    /// <summary>The time up to which the results of asynchronous queries are complete; null for <see cref="AvailableUntil"/>.</summary>
    public Instant? ResultsUntil { get; init; }

    public int MaxJobDays { get; init; } = 1_000;

    /// <summary>When a conversation was last active according to the bulk data; null if only its end counts.</summary>
    public Func<ConversationDetail, Instant?> LastActivity { get; init; } = _ => null;

    /// <summary>Conversations that cannot be read by id.</summary>
    public Func<string, bool> Forgets { get; init; } = _ => false;

    /// <summary>Changes a page before it is returned, to simulate a fault.</summary>
    public Func<int, DetailsRequest, DetailsPage, DetailsPage> Distort { get; init; } = (_, _, page) => page;

    /// <summary>Runs before each query, with its number, to simulate data that arrives during a read.</summary>
    public Action<int, List<ConversationDetail>> Before { get; init; } = (_, _) => { };

    public List<DetailsRequest> Requests { get; } = [];

    public List<DetailsRequest> Jobs { get; } = [];

    public Task<DetailsPage> QueryDetailsAsync(DetailsRequest request, CancellationToken cancellationToken)
    {
        lock (All)
        {
            var number = ++_queries;
            Before(number, All);
            Requests.Add(request);
            if (request.To - request.From > Duration.FromDays(MaxDays))
            {
                throw new GenesysException(new GenesysFailure(GenesysFailureKind.TooLarge, "The interval is too long.") { MaxIntervalDays = MaxDays });
            }

            var day = request.From.InUtc().Date.AtMidnight().InUtc().ToInstant();
            var hits = All.Where(one => one.Start >= day && IsActive(one, request)).OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
            if (request.IsDescending)
            {
                hits.Reverse();
            }

            ImmutableArray<ConversationDetail> page = [.. hits.Skip((request.PageNumber - 1) * request.PageSize).Take(request.PageSize)];
            return Task.FromResult(Distort(number, request, new DetailsPage(page) { TotalHits = hits.Count, FetchedAt = Now + Duration.FromSeconds(number) }));
        }
    }

    public Task<DetailsPage> GetDetailAsync(string conversationId, bool withPersonalData, RequestOrigin origin, CancellationToken cancellationToken) =>
        GetDetailsAsync([conversationId], origin, cancellationToken);

    public Task<DetailsPage> GetDetailsAsync(ImmutableArray<string> conversationIds, RequestOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult(new DetailsPage([.. All.Where(one => conversationIds.Contains(one.Id) && !Forgets(one.Id))]) { FetchedAt = Now });

    public Task<DataAvailability> GetDataAvailabilityAsync(RequestOrigin origin, CancellationToken cancellationToken) => Task.FromResult(new DataAvailability(AvailableUntil, 1));

    public async IAsyncEnumerable<DetailsPage> RunDetailsJobAsync(DetailsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Jobs.Add(request);
        await Task.Yield();
        if (request.To - request.From > Duration.FromDays(MaxJobDays))
        {
            throw new GenesysException(new GenesysFailure(GenesysFailureKind.TooLarge, "The interval is too long.") { MaxIntervalDays = MaxJobDays });
        }

        var until = ResultsUntil ?? AvailableUntil;
        var known = All.Where(one => one.Start < until && IsActive(one, request) && (LastActivity(one) ?? Now) >= request.From).Select(AsOfAvailability).OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal);
        foreach (var some in (request.IsDescending ? known.Reverse() : known).Chunk(70))
        {
            yield return new DetailsPage([.. some]) { FetchedAt = Now, DataAvailableUntil = until };
        }
    }

    private ConversationDetail AsOfAvailability(ConversationDetail one) => one.End is null || one.End > (ResultsUntil ?? AvailableUntil) ? one with { End = null, Participants = [] } : one;

    private static bool IsActive(ConversationDetail one, DetailsRequest request) => one.Start < request.To && (one.End is null || one.End >= request.From);
}
