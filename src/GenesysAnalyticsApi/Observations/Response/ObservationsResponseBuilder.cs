using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Builds the response to a query from the state, with warnings about missing and stale data.</summary>
internal sealed class ObservationsResponseBuilder(IOptions<GenesysOptions> genesys, IOptions<ObservationsOptions> options)
{
    /// <summary>How much older than <c>Observations:MaxAge</c> a state may be before it counts as stale. Reading the state takes time.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <param name="now">The time of the response.</param>
    public ObservationsResponse Build(LiveSnapshot state, ObservationsQuery query, ObservedQueues queues, Instant now)
    {
        var gaps = GapsOf(state, queues).ToList();

        // The rate limit can delay a read for longer than a state is fresh.
        var isSlow = state.StaleReason is null && now - state.AsOf > Duration.FromTimeSpan(options.Value.MaxAge + Tolerance);
        return new ObservationsResponse(
            new ResolvedObservationsQuery(queues.Queues.QueueIds, query.MediaTypes, query.GroupBy),
            ObservationRecordBuilder.Of(state, query, queues, now),
            [.. gaps, .. NotesOf(state, queues, isSlow)],
            new ObservationsMeta(
                state.AsOf,
                Math.Max(0, (long)(now - state.AsOf).TotalMilliseconds),
                gaps.Count == 0,
                state.StaleReason is not null || isSlow,
                state.Source == LiveSource.Notifications ? "notifications" : "polling",
                state.IsRepaired,
                genesys.Value.SourceName()));
    }

    /// <exception cref="GenesysException">The caller accepts only a complete state, and a part is missing.</exception>
    public static void Check(ObservationsResponse response, ObservationsQuery query)
    {
        if (query.DenyPartial && !response.Meta.Complete)
        {
            throw new GenesysException(new GenesysFailure(
                GenesysFailureKind.Unavailable, $"A part of the current state could not be read. {response.Warnings[0].Message} Set partial=allow to get the other parts."));
        }
    }

    /// <summary>
    /// A weak tag: a digest of the response without the age of the state and without growing durations. As long as nothing else changes, responses for newer
    /// states have the same tag.
    /// </summary>
    public static string ETagOf(ObservationsResponse response, ObservationsQuery query, string visibilityKey)
    {
        var timeless = response with { Records = [.. response.Records.Select(record => record.Timeless)], Meta = response.Meta with { AsOf = Instant.MinValue, AgeMs = 0 } };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(timeless, ObservationsJson.Default.ObservationsResponse));
        hash.AppendData(Encoding.UTF8.GetBytes($"{query.Format.Name}|{query.ByteOrderMark}|{visibilityKey}"));
        return $"W/\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}\"";
    }

    /// <summary>What makes the response incomplete. Gaps that concern only queues that the caller cannot see or did not select are not included.</summary>
    private static IEnumerable<ResponseWarning> GapsOf(LiveSnapshot state, ObservedQueues queues)
    {
        foreach (var missing in state.Missing)
        {
            var ids = missing.QueueIds.Where(queues.Includes).ToList();
            if (missing.QueueIds.IsEmpty)
            {
                yield return new ResponseWarning(CodeOf(missing.Part), $"The figures about {NameOf(missing.Part)} could not be read: {missing.Reason}");
            }
            else if (ids.Count > 0)
            {
                yield return new ResponseWarning(
                    CodeOf(missing.Part), $"The figures about {NameOf(missing.Part)} of the queues {ResponseWarning.Named(ids)} could not be read: {missing.Reason}");
            }
        }

        // The number of entries without a queue is not shown: it would reveal something about other queues to a caller who can see only some queues.
        if (state.Dropped.Any(entry => entry.QueueId is null))
        {
            yield return new ResponseWarning("invalid-entries", "Some entries of Genesys' replies could not be read and were dropped. They may belong to these queues.");
        }

        var dropped = state.Dropped.Where(entry => entry.QueueId is { } id && queues.Includes(id)).ToList();
        if (dropped.Count > 0)
        {
            yield return new ResponseWarning(
                "invalid-entries",
                string.Create(CultureInfo.InvariantCulture, $"Entries of Genesys' replies could not be read and were dropped ({dropped.Count}): {string.Join("; ", dropped.Select(entry => entry.Reason).Distinct(StringComparer.Ordinal).Take(3))}."));
        }
    }

    private static IEnumerable<ResponseWarning> NotesOf(LiveSnapshot state, ObservedQueues queues, bool isSlow)
    {
        if (state.StaleReason is { } reason)
        {
            yield return new ResponseWarning("stale", $"The state could not be read again from Genesys, so it is older than it should be: {reason}");
        }

        if (isSlow)
        {
            yield return new ResponseWarning("stale", "The state is older than Observations:MaxAge, because reading it from Genesys took a long time, for example because the rate limit delayed requests.");
        }

        if (queues.Queues.IsEmpty)
        {
            yield return ResponseWarning.NoQueue;
        }

        if (state.HasListedQueuesOnly && queues.Queues.IsEverything)
        {
            yield return new ResponseWarning("known-queues-only", "Genesys does not return all queues at once, so the service requested the listed queues by id. Deleted queues that still have conversations are missing.");
        }

        if (queues.Directory is null)
        {
            yield return new ResponseWarning("queue-directory-unavailable", "The queue directory could not be read, so records have no queue names, and queues without any conversations or users are missing.");
        }
        else if (!queues.Unknown.IsEmpty)
        {
            yield return new ResponseWarning("unknown-queue", $"Genesys does not list these queues: {ResponseWarning.Named(queues.Unknown)}. Check the ids.");
        }
    }

    private static string CodeOf(LivePart part) => part == LivePart.Users ? "users-missing" : "conversations-missing";

    private static string NameOf(LivePart part) => part == LivePart.Users ? "users" : "conversations";
}
