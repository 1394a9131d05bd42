using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Conversations;

/// <summary>
/// The events of single conversations add up to the figures of GET /aggregates, for random organizations, intervals, granularities and filters.
/// <c>CONVERSATION_CASES</c> sets the number of cases for each organization.
/// </summary>
public sealed class ConversationFiguresTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("CONVERSATION_CASES") ?? "3", CultureInfo.InvariantCulture);

    private static readonly string[] Counted =
    [
        "nOffered", "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "nTransferred", "tAlert", "tNotResponding", "nConnected", "nOutbound",
        "nOverSla", "nError",
    ];

    [Theory]
    [InlineData(17)]
    [InlineData(4)]
    [InlineData(2026)]
    public async Task Events_add_up_to_the_figures(int seed)
    {
        await using var given = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000, Seed = seed });
        var random = new Random(seed);
        for (var number = 0; number < Cases; number++)
        {
            var step = new[] { "PT15M", "PT30M", "PT1H" }[random.Next(3)];
            var length = PeriodPattern.NormalizingIso.Parse(step).Value.ToDuration();
            var start = Instant.FromUtc(2026, 11, 9, 0, 0) + (Duration.FromHours(1) * random.Next(13 * 24));
            var end = Instant.Min(start + (Duration.FromHours(1) * random.Next(1, 10)), Instant.FromUtc(2026, 11, 23, 9, 0));
            var mediaType = random.Next(3) == 0 ? new[] { "voice", "message", "email", "callback" }[random.Next(4)] : null;
            var queue = random.Next(3) == 0 ? given.Simulator.World.Queues[random.Next(given.Simulator.World.Queues.Count)].Id.ToString() : null;

            var expected = await FiguresAsync(given, start, end, step, mediaType, queue);
            var counted = await CountAsync(given, start, end, length, mediaType, queue);

            expected.Keys.Union(counted.Keys)
                .Where(key => expected.GetValueOrDefault(key) != counted.GetValueOrDefault(key))
                .Select(key => $"{key}: {expected.GetValueOrDefault(key)} / {counted.GetValueOrDefault(key)}").Take(10)
                .ShouldBeEmpty($"{number}: {start} to {end} by {step}, {mediaType} {queue}");
        }
    }

    private static async Task<Dictionary<string, double>> FiguresAsync(SimulatedService given, Instant start, Instant end, string granularity, string? mediaType, string? queue)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var response = await given.QueryAsync(
            $"/aggregates?from={start}&to={end}&granularity={granularity}&{string.Join('&', Counted.Select(metric => $"metric={metric}"))}"
            + (mediaType is null ? "" : $"&mediaType={mediaType}") + (queue is null ? "" : $"&queueId={queue}"));
        foreach (var record in response.GetProperty("records").EnumerateArray())
        {
            foreach (var metric in record.GetProperty("metrics").EnumerateObject().Where(metric => metric.Value.ValueKind == JsonValueKind.Object))
            {
                var key = $"{record.GetProperty("queueId").GetString()} {record.GetProperty("mediaType").GetString()} {record.GetProperty("from").GetString()} {metric.Name}";
                Add(figures, $"{key} count", metric.Value.GetProperty("count").GetDouble());
                Add(figures, $"{key} sum", metric.Name[0] == 't' ? metric.Value.GetProperty("sum").GetDouble() : 0);
            }
        }

        return figures;
    }

    private static async Task<Dictionary<string, double>> CountAsync(SimulatedService given, Instant start, Instant end, Duration step, string? mediaType, string? queue)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        var selection = new DetailsSelection(start, end)
        {
            IsByActivity = true,
            Filter = DetailsFilter.None with { QueueIds = queue is null ? [] : [queue], MediaTypes = mediaType is null ? [] : [mediaType] },
        };
        var notes = new DetailsReadReport();
        await foreach (var conversation in given.Service.Services.GetRequiredService<IDetailsReader>().ReadAsync(selection, notes, TestContext.Current.CancellationToken))
        {
            // GET /aggregates has no records for events outside queues.
            foreach (var one in ConversationEvents.Of(conversation).Where(one => one.QueueId is not null && Counted.Contains(one.Metric.Name)))
            {
                if (one.Metric.EmittedAt >= start && one.Metric.EmittedAt < end && (queue is null || one.QueueId == queue) && (mediaType is null || one.MediaType == mediaType))
                {
                    var bucket = start + (step * Math.Floor((one.Metric.EmittedAt - start) / step));
                    var key = $"{one.QueueId} {one.MediaType} {InstantPattern.General.Format(bucket)} {one.Metric.Name}";
                    Add(counts, $"{key} count", one.Metric.Name[0] == 't' ? 1 : one.Metric.Value);
                    Add(counts, $"{key} sum", one.Metric.Name[0] == 't' ? one.Metric.Value : 0);
                }
            }
        }

        notes.IsComplete.ShouldBeTrue();
        return counts;
    }

    private static void Add(Dictionary<string, double> sums, string key, double value)
    {
        if (value != 0)
        {
            sums[key] = sums.GetValueOrDefault(key) + value;
        }
    }
}
