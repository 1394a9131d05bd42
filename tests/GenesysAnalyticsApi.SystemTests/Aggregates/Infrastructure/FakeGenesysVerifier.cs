using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>
/// Checks a response against the events: every event counts in exactly the record to which it belongs, no record is unexplained, and every
/// figure is correct.
/// </summary>
/// <param name="metrics">The metrics requested from Genesys. Events of other metrics must not produce rows.</param>
internal sealed class FakeGenesysVerifier(GenQuery query, IReadOnlyList<FakeEvent> events, IReadOnlySet<string> metrics, Instant now)
{
    private static readonly string?[] NoValue = [null];
    private static readonly string[] Split = ["messageType", "direction", "userId", "wrapUpCode"];

    private static readonly InstantPattern Written = InstantPattern.ExtendedIso;

    public void Check(JsonObject response)
    {
        var records = response.Records();
        var interval = response["query"]!.AsObject().Text("interval")!.Split('/');
        var (from, to) = (Read(interval[0]), Read(interval[1]));
        var chosen = query.ChosenQueues();
        var inScope = events
            .Where(one => one.QueueId is { } id && chosen.Contains(id))
            .Where(one => query.MediaTypes is [] || query.MediaTypes.Contains(one.MediaType))
            .Where(one => query.MessageTypes is [] || query.MessageTypes.Contains(one.MessageType, StringComparer.OrdinalIgnoreCase))
            .Where(one => query.Direction is null || one.Direction == query.Direction)
            .Where(one => query.UserIds is [] || query.UserIds.Contains(one.UserId))
            .Where(one => query.WrapUpCodes is [] || query.WrapUpCodes.Contains(one.WrapUpCode, StringComparer.OrdinalIgnoreCase))
            .Where(one => metrics.Contains(one.Metric))
            .Where(one => one.At >= from && one.At < to)
            .ToList();

        var left = inScope.ToLookup(KeyOf);
        records.Select(record => (KeyOf(record), record.Text("from"))).ShouldBeUnique();
        foreach (var record in records)
        {
            var (start, end) = (Read(record.Text("from")!), Read(record.Text("to")!));
            var own = left[KeyOf(record)].Where(one => one.At >= start && one.At < end).ToList();
            (own.Count > 0 || query.FillZero).ShouldBeTrue($"a record without events: {record.ToJsonString()}");
            Compare(record, own, [.. left[KeyOf(record)]], inScope);
            foreach (var dimension in Split)
            {
                record.ContainsKey(dimension).ShouldBe(query.IsGroupedBy(dimension));
            }

            record["complete"]!.GetValue<bool>().ShouldBeTrue();
            record["final"]!.GetValue<bool>().ShouldBe(now >= end + Duration.FromHours(72), record.ToJsonString());
        }

        var covered = records.Sum(record => left[KeyOf(record)].Count(one => one.At >= Read(record.Text("from")!) && one.At < Read(record.Text("to")!)));
        covered.ShouldBe(inScope.Count, "events in no record, or in two");
        if (query.FillZero)
        {
            CheckGrid(records, inScope, chosen, from, to);
        }
    }

    private void Compare(JsonObject record, IReadOnlyList<FakeEvent> own, IReadOnlyList<FakeEvent> whole, IReadOnlyList<FakeEvent> all)
    {
        var oracle = new ReferenceCalculator(own, whole, record.Text("mediaType") == "callback" || query.MediaTypes is ["callback"]) { All = all, IsOfAgents = query.IsOfAgents };
        (record.ContainsKey("answeredWithin"), record.ContainsKey("serviceLevelWithin")).ShouldBe((query.ThresholdMs is not null, query.ThresholdMs is not null));
        foreach (var (field, expected) in oracle.Figures().Concat(query.ThresholdMs is { } threshold ? oracle.Within(threshold) : []))
        {
            var given = record.Number(field);
            var isCorrect = expected is { } number ? given is { } found && Math.Abs(found - number) <= 1e-9 * Math.Max(1, Math.Abs(number)) : given is null;
            isCorrect.ShouldBeTrue($"{field} is {given?.ToString() ?? "null"}, not {expected?.ToString() ?? "null"}, in {record.ToJsonString()}");
        }

        foreach (var metric in query.Metric)
        {
            var given = record["metrics"]![metric]?.AsObject();
            if (metric == "nConversations")
            {
                (given is null || ReferenceCalculator.Given(given)["count"] == oracle.Conversations()).ShouldBeTrue($"{metric} of {record.ToJsonString()}");
            }
            else if (query.IsOfAgents && !FakeEvent.IsOfAgent(metric))
            {
                given.ShouldBeNull($"{metric} of {record.ToJsonString()}");
            }
            else
            {
                ReferenceCalculator.Given(given!).ShouldBe(oracle.Raw(metric), ignoreOrder: true, $"{metric} of {record.ToJsonString()}");
            }
        }
    }

    private void CheckGrid(IReadOnlyList<JsonObject> records, List<FakeEvent> inScope, IReadOnlyList<string> chosen, Instant from, Instant to)
    {
        var buckets = records.Select(record => (From: Read(record.Text("from")!), To: Read(record.Text("to")!))).Distinct().Order().ToList();
        foreach (var (first, next) in buckets.Zip(buckets.Skip(1)))
        {
            next.From.ShouldBe(first.To);
        }

        // The requested queues, otherwise those with rows. A total over all of them exists even without events.
        var owners = (query.SelectsQueues ? chosen.Select(id => OwnerOf(new FakeEvent(id, "", from, ""))) : inScope.Select(OwnerOf)).ToHashSet();
        if (owners.Count == 0 && !query.IsGroupedBy("queueId") && !query.IsGroupedBy("divisionId"))
        {
            owners = [(null, null)];
        }

        var groups = owners.Sum(owner => MediaTypesOf(owner, inScope).Sum(media =>
            CombinationsOf([.. inScope.Where(one => OwnerOf(one) == owner && (media is null || one.MediaType == media))])));
        records.Count.ShouldBe(groups * buckets.Count);
        if (groups > 0)
        {
            (buckets[0].From <= from && buckets[^1].To >= to - Duration.FromMinutes(1)).ShouldBeTrue();
        }
    }

    private IEnumerable<string?> MediaTypesOf((string?, string?) owner, List<FakeEvent> inScope) =>
        !query.IsGroupedBy("mediaType") ? [null]
        : query.MediaTypes.Count > 0 ? query.MediaTypes
        : inScope.Where(one => OwnerOf(one) == owner).Select(one => one.MediaType).Distinct().DefaultIfEmpty();

    /// <summary>The number of combinations with events, plus those that a filled grid always has: the requested values, and both directions.</summary>
    private int CombinationsOf(IReadOnlyList<FakeEvent> events)
    {
        var found = events.Select(SplitOf).Distinct().ToList();
        var expected =
            from type in Expected("messageType", query.MessageTypes)
            from direction in Expected("direction", query.Direction is { } only ? [only] : ["inbound", "outbound"])
            from user in Expected("userId", query.UserIds)
            from code in Expected("wrapUpCode", query.WrapUpCodes)
            select (Type: type, Direction: direction, User: user, Code: code);
        return found.Count + expected.Count(one => !found.Exists(other =>
            IsAny(one.Type, other.Type) && IsAny(one.Direction, other.Direction) && IsAny(one.User, other.User) && IsAny(one.Code, other.Code)));

        IReadOnlyList<string?> Expected(string dimension, IReadOnlyList<string?> values) => query.IsGroupedBy(dimension) && values is not [] ? values : NoValue;

        static bool IsAny(string? expected, string? given) => expected is null || string.Equals(expected, given, StringComparison.OrdinalIgnoreCase);
    }

    private (string? Type, string? Direction, string? User, string? Code) SplitOf(FakeEvent one) => (
        query.IsGroupedBy("messageType") ? one.MessageType : null, query.IsGroupedBy("direction") ? one.Direction : null,
        query.IsGroupedBy("userId") ? one.UserId : null, query.IsGroupedBy("wrapUpCode") ? one.WrapUpCode : null);

    private (string?, string?) OwnerOf(FakeEvent one) => (
        query.IsGroupedBy("queueId") ? one.QueueId : null,
        query.IsGroupedBy("divisionId") ? FakeEvents.Queues.FirstOrDefault(queue => queue.Id == one.QueueId)?.DivisionId : null);

    private string KeyOf(FakeEvent one) =>
        string.Join('|', OwnerOf(one).Item1, OwnerOf(one).Item2, query.IsGroupedBy("mediaType") ? one.MediaType : null, SplitOf(one).Type, SplitOf(one).Direction, SplitOf(one).User, SplitOf(one).Code);

    private static string KeyOf(JsonObject record) =>
        string.Join('|', new[] { "queueId", "divisionId", "mediaType" }.Concat(Split).Select(record.Text));

    private static Instant Read(string text) => Written.Parse(text).Value;
}
