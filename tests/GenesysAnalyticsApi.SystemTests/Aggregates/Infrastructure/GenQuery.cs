using CsCheck;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>A random query as a caller would write it, with the facts that the tests need about it.</summary>
internal sealed record GenQuery
{
    private static readonly string[][] Groups =
        [[], ["queueId", "mediaType"], ["queueId"], ["mediaType"], ["none"], ["divisionId"], ["divisionId", "mediaType"], ["queueId", "mediaType", "divisionId"],
        ["direction"], ["queueId", "direction"], ["queueId", "mediaType", "direction"], ["messageType"], ["queueId", "mediaType", "messageType"], ["divisionId", "mediaType", "messageType", "direction"],
        ["userId"], ["queueId", "userId"], ["queueId", "mediaType", "userId", "wrapUpCode"], ["divisionId", "wrapUpCode"], ["messageType", "direction", "userId", "wrapUpCode"]];

    private static readonly string[] Metrics =
        ["tTalk", "tAlert", "tHandle", "nConsult", "nOutboundAttempted", "nOffered", "oServiceLevel", "oCallbackServiceLevel", "nConversations"];

    private static readonly string[] Periods =
        ["today", "Yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "last-7-days", "last-28-days", "last-30-days"];

    public required string Time { get; init; }

    public required IReadOnlyList<string> QueueIds { get; init; }

    /// <summary>The query also selects <c>sales*</c>.</summary>
    public required bool Sales { get; init; }

    public required int? Division { get; init; }

    public required IReadOnlyList<string> MediaTypes { get; init; }

    public required IReadOnlyList<string> MessageTypes { get; init; }

    public required string? Direction { get; init; }

    public required IReadOnlyList<string> UserIds { get; init; }

    public required IReadOnlyList<string> WrapUpCodes { get; init; }

    /// <summary>Only figures of agent sessions have values.</summary>
    public bool IsOfAgents => UserIds is not [] || WrapUpCodes is not [] || IsGroupedBy("userId") || IsGroupedBy("wrapUpCode");

    public required IReadOnlyList<string> GroupBy { get; init; }

    public required IReadOnlyList<string> Metric { get; init; }

    public required int? ThresholdMs { get; init; }

    public required bool FillZero { get; init; }

    public required bool DenyPartial { get; init; }

    public bool IsGroupedBy(string dimension) => GroupBy is [] ? dimension is "queueId" or "mediaType" : GroupBy.Contains(dimension);

    public bool SelectsQueues => QueueIds is not [] || Sales || Division is not null;

    /// <summary>The requested queues, as parameters.md defines them: by id or by name, and in the division.</summary>
    public IReadOnlyList<string> ChosenQueues()
    {
        var all = FakeEvents.QueueIds.Select(id => (Id: id, Queue: FakeEvents.Queues.FirstOrDefault(queue => queue.Id == id)));
        return [.. all
            .Where(one => QueueIds is [] && !Sales
                || QueueIds.Contains(one.Id)
                || (Sales && one.Queue?.Name.StartsWith("sales", StringComparison.OrdinalIgnoreCase) == true))
            .Where(one => Division is null || one.Queue?.Division == Division)
            .Select(one => one.Id)];
    }

    public override string ToString()
    {
        string?[] parts =
        [
            Time,
            .. QueueIds.Select(id => $"queueId={id}"),
            Sales ? "queue=SALES*" : null,
            Division is { } division ? $"divisionId=d0000000-0000-4000-8000-00000000000{division}" : null,
            MediaTypes is [] ? null : $"mediaType={string.Join(',', MediaTypes)}",
            MessageTypes is [] ? null : $"messageType={string.Join(',', MessageTypes)}",
            Direction is null ? null : $"direction={Direction}",
            UserIds is [] ? null : $"userId={string.Join(',', UserIds)}",
            WrapUpCodes is [] ? null : $"wrapUpCode={string.Join(',', WrapUpCodes)}",
            GroupBy is [] ? null : $"groupBy={string.Join(',', GroupBy)}",
            Metric is [] ? null : $"metric={string.Join(',', Metric)}",
            ThresholdMs is { } threshold ? $"serviceLevelThresholdMs={threshold}" : null,
            FillZero ? "fill=zero" : null,
            DenyPartial ? "partial=deny" : null,
        ];
        return string.Join('&', parts.OfType<string>());
    }

    public static Gen<GenQuery> At(Instant now) =>
        from time in TimeAt(now)
        from queues in Gen.Frequency((2, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf(FakeEvents.QueueIds).Array[1, 3]))
        from sales in Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true)))
        from division in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 2]))
        from media in Gen.Frequency((2, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf("voice", "callback", "email", "chat").Array[1, 2]))
        from types in Gen.Frequency((3, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf("whatsapp", "carrierpigeon", "WHATSAPP", "line").Array[1, 2]))
        from direction in GenChoice.OneOf<string?>(null, null, "inbound", "outbound")
        from users in Gen.Frequency((5, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf([.. FakeEvents.UserIds.OfType<string>(), "e0000000-0000-4000-8000-000000000009"]).Array[1, 2]))
        from codes in Gen.Frequency((5, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf([.. FakeEvents.WrapUpCodes.OfType<string>(), "inin-wrap-up-timeout", "None"]).Array[1, 2]))
        from groupBy in GenChoice.OneOf(Groups)
        from metric in Gen.Frequency((1, Gen.Const(Array.Empty<string>())), (1, GenChoice.OneOf(Metrics).Array[1, 4]))
        from threshold in GenChoice.OneOf<int?>(null, 1_000, 20_000, 300_000, 599_000, 604_800_000)
        from fill in Gen.Bool
        from deny in Gen.Bool
        select new GenQuery
        {
            Time = time,
            QueueIds = [.. queues.Distinct()],
            Sales = sales,
            Division = division == 0 ? null : division,
            MediaTypes = [.. media.Distinct()],
            MessageTypes = [.. types.Distinct(StringComparer.OrdinalIgnoreCase)],
            Direction = direction,
            UserIds = [.. users.Distinct()],
            WrapUpCodes = [.. codes.Distinct(StringComparer.OrdinalIgnoreCase)],
            GroupBy = groupBy,
            Metric = [.. metric.Distinct()],
            ThresholdMs = threshold,
            FillZero = fill,
            DenyPartial = deny,
        };

    private static Gen<string> TimeAt(Instant now) =>
        from zone in AggregatesClient.Zone
        from granularity in GenChoice.OneOf<Granularity?>([null, null, .. Granularity.All])
        from kind in Gen.Int[0, 7]
        from back in Gen.Frequency((3, Gen.Int[1, 60 * 50]), (1, Gen.Int[1, 60 * 24 * 45]))
        from length in Gen.Frequency((3, Gen.Int[1, 60 * 50]), (1, Gen.Int[1, 60 * 24 * 45]))
        from period in GenChoice.OneOf(Periods)
        from last in GenChoice.OneOf("PT24H", "PT90M", "P7D", "PT3H")
        select IntervalOf(now, zone, granularity, kind, back, length, period, last)
            + $"&timeZone={zone.Id}" + (granularity is null ? "" : $"&granularity={granularity}");

    private static string IntervalOf(
        Instant now, DateTimeZone zone, Granularity? granularity, int kind, int back, int length, string period, string last)
    {
        if (kind == 0)
        {
            return $"last={last}";
        }

        // Calendar periods begin and end on days, but not necessarily on week or month boundaries.
        if (kind < 3 && granularity is null or { Unit: GranularityUnit.Clock, Minutes: >= 30 } or { Unit: GranularityUnit.Day })
        {
            return $"period={period}";
        }

        // Fine buckets over weeks would only add many more records of the same kind.
        var from = now - Duration.FromMinutes(back);
        var to = from + Duration.FromMinutes(granularity?.Minutes < 60 ? length % (60 * 50) : length);
        if (granularity is not null)
        {
            (from, to) = (BucketBoundaries.AtOrBefore(from, granularity, zone), BucketBoundaries.After(to, granularity, zone));
        }

        return kind % 2 == 0 ? $"from={InstantFormat.Print(from)}&to={InstantFormat.Print(to)}" : $"interval={InstantFormat.Print(from)}/{InstantFormat.Print(to)}";
    }
}
