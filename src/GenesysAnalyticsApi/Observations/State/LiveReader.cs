using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>
/// Reads the state of all queues from Genesys. The Genesys requests depend on what Genesys accepts:
/// <code>
///   activity queries without a filter     one request for conversations and one for users, and another one for each further 500 groups
///   activity queries with a filter only   the same requests for each chunk of the listed queues
///   no activity queries                   one observations query for each chunk of the listed queues
/// </code>
/// </summary>
internal sealed partial class LiveReader(IActivityGateway gateway, QueueDirectory directory, ActivityQueryRestrictions limits, TimeProvider clock, ILogger<LiveReader> logger)
{
    private delegate Task<ActivityReply> Query(ActivityRequest request, CancellationToken cancellationToken);

    /// <exception cref="GenesysException">No figures about conversations could be read.</exception>
    public async Task<LiveSnapshot> ReadAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        var startedAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
        if (limits.IsActivityDenied)
        {
            return StateOf(startedAt, await ReadChunksAsync(gateway.QueryObservationsAsync, origin, cancellationToken), users: null);
        }

        Reading? conversations = null;
        try
        {
            conversations = await ReadAsync(gateway.QueryConversationsAsync, origin, cancellationToken);
            return StateOf(startedAt, conversations, await ReadUsersAsync(origin, cancellationToken));
        }
        catch (GenesysException denied) when (IsDenied(denied.Failure))
        {
            return await ReadWithoutActivityAsync(startedAt, conversations, denied.Failure, origin, cancellationToken);
        }
    }

    /// <param name="conversations">The figures about conversations; null if Genesys denied the query for them, not only the query for users.</param>
    private async Task<LiveSnapshot> ReadWithoutActivityAsync(
        Instant startedAt, Reading? conversations, GenesysFailure denied, RequestOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            var state = StateOf(startedAt, await ReadChunksAsync(gateway.QueryObservationsAsync, origin, cancellationToken), users: null);
            limits.LearnActivityDenied();
            Log.ActivityDenied(logger, denied.Message);
            return state;
        }
        catch (GenesysException failed) when (conversations is not null && IsDenied(failed.Failure))
        {
            return StateOf(startedAt, conversations, new Reading([], [new FailedQueues([], denied)]));
        }
    }

    /// <summary>Reads the figures about users. If the query fails for a reason other than a denial, the state only lacks these figures.</summary>
    private async Task<Reading> ReadUsersAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(gateway.QueryUsersAsync, origin, cancellationToken);
        }
        catch (GenesysException failed) when (!IsDenied(failed.Failure))
        {
            return new Reading([], [new FailedQueues([], failed.Failure)]);
        }
    }

    private async Task<Reading> ReadAsync(Query query, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (!limits.NeedsFilter)
        {
            try
            {
                return new Reading([await query(new ActivityRequest([], origin), cancellationToken)], []);
            }
            catch (GenesysException rejection) when (IsRejected(rejection.Failure))
            {
                limits.LearnPredicates(rejection.Failure.MaxPredicates);
                var chunks = await ReadChunksAsync(query, origin, cancellationToken);

                // Only now is it certain that Genesys rejected the query because it had no filter.
                limits.LearnFilter();
                Log.FilterNeeded(logger, limits.MaxPredicates, rejection.Failure.UpstreamMessage ?? rejection.Failure.Message);
                return chunks;
            }
        }

        return await ReadChunksAsync(query, origin, cancellationToken);
    }

    private async Task<Reading> ReadChunksAsync(Query query, RequestOrigin origin, CancellationToken cancellationToken)
    {
        ImmutableArray<string> ids = [.. (await directory.GetAsync(cancellationToken)).Queues.Where(queue => queue.Listed).Select(queue => queue.Id)];
        if (ids.IsEmpty)
        {
            return new Reading([], []);
        }

        // The first chunk is queried alone. If Genesys rejects its size, the other chunks are smaller from the start.
        var first = await ReadFirstAsync(query, ids, origin, cancellationToken);
        var chunks = ids.Skip(first.Size).Chunk(limits.MaxPredicates).Select(chunk => ReadChunkAsync(query, [.. chunk], origin, cancellationToken));
        (ImmutableArray<string> Ids, ActivityReply? Reply, GenesysException? Failure)[] all = [(ids[..first.Size], first.Reply, first.Failure), .. await Task.WhenAll(chunks)];
        if (Array.TrueForAll(all, chunk => chunk.Reply is null))
        {
            throw all[0].Failure!;
        }

        return new Reading(
            [.. all.Select(chunk => chunk.Reply).OfType<ActivityReply>()],
            [.. all.Where(chunk => chunk.Failure is not null).Select(chunk => new FailedQueues(chunk.Ids, chunk.Failure!.Failure))])
        {
            HasListedQueuesOnly = true,
        };
    }

    private async Task<(int Size, ActivityReply? Reply, GenesysException? Failure)> ReadFirstAsync(
        Query query, ImmutableArray<string> ids, RequestOrigin origin, CancellationToken cancellationToken)
    {
        while (true)
        {
            var size = Math.Min(limits.MaxPredicates, ids.Length);
            var (_, reply, failure) = await ReadChunkAsync(query, ids[..size], origin, cancellationToken);
            if (failure is null || !IsRejected(failure.Failure) || failure.Failure.MaxPredicates is not { } max || max >= size)
            {
                return (size, reply, failure);
            }

            limits.LearnPredicates(max);
            Log.FewerPredicates(logger, size, max);
        }
    }

    /// <exception cref="GenesysException">Genesys denied the query.</exception>
    private static async Task<(ImmutableArray<string> Ids, ActivityReply? Reply, GenesysException? Failure)> ReadChunkAsync(
        Query query, ImmutableArray<string> ids, RequestOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            return (ids, await query(new ActivityRequest(ids, origin), cancellationToken), null);
        }
        catch (GenesysException failed) when (!IsDenied(failed.Failure))
        {
            return (ids, null, failed);
        }
    }

    /// <param name="users">Null if <paramref name="conversations"/> also contains the figures about users.</param>
    private static LiveSnapshot StateOf(Instant startedAt, Reading conversations, Reading? users)
    {
        var replies = conversations.Replies.Concat(users?.Replies ?? []).ToList();
        return LiveFold.Of(replies, startedAt) with
        {
            HasListedQueuesOnly = conversations.HasListedQueuesOnly,
            Missing = [.. MissingOf(conversations, LivePart.Conversations), .. MissingOf(users ?? conversations, LivePart.Users)],
        };
    }

    private static IEnumerable<MissingPart> MissingOf(Reading reading, LivePart part) => reading.Failed.Select(failed => new MissingPart(failed.QueueIds, part, failed.Failure.Message));

    // If the activity queries do not exist, Genesys or a gateway in front of it replies with a 404 or 405.
    private static bool IsDenied(GenesysFailure failure) =>
        failure.Kind == GenesysFailureKind.Forbidden || (failure.Kind == GenesysFailureKind.Rejected && failure.Status is 404 or 405);

    private static bool IsRejected(GenesysFailure failure) => failure is { Kind: GenesysFailureKind.Rejected or GenesysFailureKind.TooLarge, Status: 400 or 413 };

    private sealed record FailedQueues(ImmutableArray<string> QueueIds, GenesysFailure Failure);

    private sealed record Reading(ImmutableArray<ActivityReply> Replies, ImmutableArray<FailedQueues> Failed)
    {
        public bool HasListedQueuesOnly { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(9000, LogLevel.Information, "Genesys rejects activity queries without a filter. The service reads the state in chunks of {MaxPredicates} queues from now on: {Reason}")]
        public static partial void FilterNeeded(ILogger logger, int maxPredicates, string reason);

        [LoggerMessage(9001, LogLevel.Information, "Genesys rejected a query for the state of {Queues} queues. The service requests {MaxPredicates} queues per query from now on")]
        public static partial void FewerPredicates(ILogger logger, int queues, int maxPredicates);

        [LoggerMessage(9002, LogLevel.Warning, "Genesys does not permit activity queries, so the service uses the observations query instead: {Reason}")]
        public static partial void ActivityDenied(ILogger logger, string reason);
    }
}
