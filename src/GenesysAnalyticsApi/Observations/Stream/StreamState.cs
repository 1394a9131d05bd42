using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Observations.Response;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>Identifies a record of a query; both parts are absent for the single record of <c>groupBy=none</c>.</summary>
/// <param name="QueueId">With groupBy=queue.</param>
/// <param name="MediaType">With groupBy=mediaType. Absent for the record with the figures about a queue's users.</param>
internal readonly record struct RecordKey(string? QueueId, string? MediaType)
{
    public static RecordKey Of(ObservationRecord record) => new(record.QueueId, record.MediaType);
}

/// <summary>The properties of the state as a whole, except its age. A change in them is sent even if no record has changed.</summary>
internal sealed record StreamLabels(bool Complete, bool Stale, string Source, bool Repaired, ImmutableArray<ResponseWarning> Warnings)
{
    public static StreamLabels Of(ObservationsResponse response) => new(
        response.Meta.Complete, response.Meta.Stale, response.Meta.Source, response.Meta.Repaired, [.. response.Warnings]);

    public bool Equals(StreamLabels? other) => other is not null
        && (Complete, Stale, Source, Repaired) == (other.Complete, other.Stale, other.Source, other.Repaired)
        && Warnings.SequenceEqual(other.Warnings);

    public override int GetHashCode() => HashCode.Combine(Complete, Stale, Source, Repaired, Warnings.Length);
}

/// <summary>The newest response to a query, and in which version each part of it last changed. Immutable and pure, so that all subscribers of the query share it.</summary>
/// <param name="Epoch">Distinguishes this history from all others: a version has a meaning only within one history.</param>
/// <param name="Rows">The records. Their durations are not those of a frame, which <see cref="ObservationRecord.At"/> computes.</param>
/// <param name="Newest">Everything except the records.</param>
internal sealed record StreamState(string Epoch, RowHistory<RecordKey, ObservationRecord> Rows, StreamLabels Labels, ObservationsResponse Newest)
{
    /// <summary>
    /// How much two starts of the same wait may differ. They differ slightly between two reads, because the difference between the clocks is measured again.
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
            // Returns the same instance, so that subscribers see that nothing has changed.
            Labels = labels == Labels ? Labels : labels,
            Newest = response with { Records = [] },
        };
    }

    /// <summary>Whether the figures are equal. Growing durations are not a change: a subscriber continues them from the event that contained them.</summary>
    public static bool IsSame(ObservationRecord one, ObservationRecord other) =>
        IsClose(one.LongestWaitingSince, other.LongestWaitingSince)
        && IsClose(one.LongestInteractingSince, other.LongestInteractingSince)
        && HasSame(one.UsersByPresence, other.UsersByPresence)
        && HasSame(one.UsersByRoutingStatus, other.UsersByRoutingStatus)
        && FiguresOf(one) == FiguresOf(other);

    private static ObservationRecord FiguresOf(ObservationRecord record) => record with
    {
        LongestWaitMs = null,
        LongestInteractionMs = null,
        LongestWaitingSince = null,
        LongestInteractingSince = null,
        UsersByPresence = null,
        UsersByRoutingStatus = null,
    };

    private static bool IsClose(Instant? one, Instant? other) =>
        one is { } first && other is { } second ? first - second <= SameBeginning && second - first <= SameBeginning : one is null && other is null;

    private static bool HasSame(IReadOnlyDictionary<string, int>? one, IReadOnlyDictionary<string, int>? other) => ReferenceEquals(one, other)
        || (one is not null && other is not null && one.Count == other.Count && one.All(part => other.TryGetValue(part.Key, out var count) && count == part.Value));
}
