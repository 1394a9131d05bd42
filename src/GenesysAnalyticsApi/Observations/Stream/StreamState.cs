using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Observations.Response;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>Identifies a record of a query; both parts are absent for the single record of <c>groupBy=none</c>.</summary>
/// <param name="QueueId">Present only with groupBy=queue.</param>
/// <param name="MediaType">Present only with groupBy=mediaType. Absent for the record that contains the figures about a queue's users.</param>
internal readonly record struct RecordKey(string? QueueId, string? MediaType)
{
    public static RecordKey Of(ObservationRecord record) => new(record.QueueId, record.MediaType);
}

/// <summary>The properties of the state as a whole, except its age. If a property changes, subscribers get an event even if no record has changed.</summary>
internal sealed record StreamLabels(bool Complete, bool Stale, string Source, bool Repaired, ImmutableArray<ResponseWarning> Warnings)
{
    public static StreamLabels Of(ObservationsResponse response) => new(
        response.Meta.Complete, response.Meta.Stale, response.Meta.Source, response.Meta.Repaired, [.. response.Warnings]);

    public bool Equals(StreamLabels? other) => other is not null
        && (Complete, Stale, Source, Repaired) == (other.Complete, other.Stale, other.Source, other.Repaired)
        && Warnings.SequenceEqual(other.Warnings);

    public override int GetHashCode() => HashCode.Combine(Complete, Stale, Source, Repaired, Warnings.Length);
}

/// <summary>
/// The newest response to a query, and the version in which each of its records last changed. The state is immutable, so all subscribers of the query can
/// share it.
/// </summary>
/// <param name="Epoch">Distinguishes this history from all other histories: a version has a meaning only within one history.</param>
/// <param name="Rows">The records. For each event, <see cref="ObservationRecord.At"/> computes their durations again.</param>
/// <param name="Newest">The newest response, without its records.</param>
internal sealed record StreamState(string Epoch, RowHistory<RecordKey, ObservationRecord> Rows, StreamLabels Labels, ObservationsResponse Newest)
{
    /// <summary>
    /// How much two start times of the same wait may differ. The start times in two replies differ slightly, because the difference between Genesys' clock and
    /// this machine's clock is measured again.
    /// </summary>
    internal static readonly Duration SameBeginning = Duration.FromSeconds(1);

    public static StreamState Start(ObservationsResponse response, string epoch) =>
        new(epoch, RowHistory<RecordKey, ObservationRecord>.Start(response.Records, RecordKey.Of), StreamLabels.Of(response), response with { Records = [] });

    public StreamState Next(ObservationsResponse response)
    {
        var labels = StreamLabels.Of(response);
        return this with
        {
            Rows = Rows.Next(response.Records, RecordKey.Of, IsSame),
            // Equal labels keep their instance, because subscribers compare references to detect changes.
            Labels = labels == Labels ? Labels : labels,
            Newest = response with { Records = [] },
        };
    }

    /// <summary>Whether the figures are equal. Growing durations are not a change: a subscriber lets them grow until the record is sent again.</summary>
    public static bool IsSame(ObservationRecord known, ObservationRecord newest) =>
        IsClose(known.LongestWaitingSince, newest.LongestWaitingSince)
        && IsClose(known.LongestInteractingSince, newest.LongestInteractingSince)
        && HasSame(known.UsersByPresence, newest.UsersByPresence)
        && HasSame(known.UsersByRoutingStatus, newest.UsersByRoutingStatus)
        && FiguresOf(known) == FiguresOf(newest);

    private static ObservationRecord FiguresOf(ObservationRecord record) => record with
    {
        LongestWaitMs = null,
        LongestInteractionMs = null,
        LongestWaitingSince = null,
        LongestInteractingSince = null,
        UsersByPresence = null,
        UsersByRoutingStatus = null,
    };

    private static bool IsClose(Instant? known, Instant? newest) =>
        known is { } first && newest is { } second ? first - second <= SameBeginning && second - first <= SameBeginning : known is null && newest is null;

    private static bool HasSame(IReadOnlyDictionary<string, int>? known, IReadOnlyDictionary<string, int>? newest) => ReferenceEquals(known, newest)
        || (known is not null && newest is not null && known.Count == newest.Count && known.All(part => newest.TryGetValue(part.Key, out var count) && count == part.Value));
}
