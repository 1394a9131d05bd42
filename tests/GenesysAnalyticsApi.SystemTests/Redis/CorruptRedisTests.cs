using System.Text;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Events;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>The whole service with a Redis to which another program has written invalid values: queries still succeed.</summary>
public sealed class CorruptRedisTests
{
    private const string Day = "/aggregates?from=2026-11-18&to=2026-11-19&granularity=PT1H&groupBy=queueId";
    private const string OtherDay = "/aggregates?from=2026-11-16&to=2026-11-17&granularity=PT1H&groupBy=queueId";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory, EachRedis]
    public async Task A_corrupt_slice_is_refetched_logged_once_and_replaced(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        var truth = await given.QueryAsync(Day);
        await using var admin = await ConnectAsync(redis);
        var planted = 0;
        foreach (var key in await KeysAsync(admin, "*:slice*"))
        {
            byte[] bytes = (await admin.GetDatabase().StringGetAsync(key))!;
            var (stamp, slice) = VersionedPayload.Read<SliceCacheEntry>(SliceCacheEntry.Version, bytes)!.Value;
            var broken = slice with { Columns = [.. slice.Columns.Select(column => column with { Cells = [.. column.Cells.Select(cell => cell + 1_000_000)] })] };
            await admin.GetDatabase().StringSetAsync(key, VersionedPayload.Write(SliceCacheEntry.Version, stamp, broken), TimeSpan.FromDays(1));
            planted++;
        }

        planted.ShouldBePositive();
        await using var second = given.Replica();
        await second.Services.GetRequiredService<RedisConnection>().WaitForStartAsync(TestContext.Current.CancellationToken);
        (await given.CallsOfAsync(async () => Figures(await given.QueryAsync(Day, second.CreateClient())).ShouldBe(Figures(truth)))).ShouldBePositive();
        second.Log.Events.Count(IsInvalid).ShouldBe(1);

        await using var third = given.Replica();
        (await given.CallsOfAsync(async () => Figures(await given.QueryAsync(Day, third.CreateClient())).ShouldBe(Figures(truth)))).ShouldBe(0);
        third.Log.Events.ShouldNotContain(line => IsInvalid(line));
    }

    [Theory, EachRedis]
    public async Task Locks_and_failure_marks_without_an_expiry_delay_no_query(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        var truth = await given.QueryAsync(Day);
        await using var admin = await ConnectAsync(redis);
        string[] marks = ["{}", "null", "garbage", "{\"Kind\":\"Timeout\",\"Message\":\"It never ends.\"}"];
        foreach (var (key, number) in (await KeysAsync(admin, "*:slice*")).Select((key, number) => (key.ToString(), number)))
        {
            await admin.GetDatabase().KeyDeleteAsync(key);
            await admin.GetDatabase().StringSetAsync(key.Replace(":slice:", ":flight:", StringComparison.Ordinal), "unknown owner");
            await admin.GetDatabase().StringSetAsync(key.Replace(":slice:", ":failed:", StringComparison.Ordinal), marks[number % marks.Length]);
        }

        // On a clock that stands still, a wait for a lock would never end.
        await using var second = given.Replica();
        var response = await given.QueryAsync(Day, second.CreateClient()).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestCancellation);

        Figures(response).ShouldBe(Figures(truth));
        second.Log.Events.ShouldAllBe(line => line.Level < LogEventLevel.Error);
    }

    /// <summary>
    /// Mutates every value in Redis at random. The test does not compare figures, because the service cannot distinguish false figures from correct
    /// ones if they are well-formed.
    /// </summary>
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Every_query_succeeds_on_corrupt_Redis_values_and_no_stack_trace_reaches_a_caller(string environment)
    {
        using var redis = RedisServer.Start(RedisServer.Software[^1]);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync(Day);
        await given.QueryAsync(OtherDay);
        await using var admin = await ConnectAsync(redis);
        var database = admin.GetDatabase();
        var valid = new Dictionary<RedisKey, byte[]>();
        foreach (var key in await KeysAsync(admin, "*"))
        {
            if (await database.KeyTypeAsync(key) == RedisType.String && (byte[]?)await database.StringGetAsync(key) is { Length: > 32 } bytes)
            {
                valid.Add(key, bytes);
            }
        }

        valid.Keys.ShouldContain(key => key.ToString().Contains(":slice", StringComparison.Ordinal));
        valid.Keys.ShouldContain(key => key.ToString().EndsWith(":directory:", StringComparison.Ordinal));
        for (var round = 0; round < 4; round++)
        {
            foreach (var (key, bytes) in valid)
            {
                await PlantAsync(database, key, bytes, round);
            }

            foreach (var key in (await KeysAsync(admin, "*:budget:*")).Take(1))
            {
                await CorruptedRedis.OfAnotherTypeAsync(database, key, round);
            }

            await using var replica = given.Replica(environment);
            using var client = replica.CreateClient();
            foreach (var url in new[] { Day, OtherDay, Day + "&queue=*", "/queues", "/health/ready" })
            {
                using var response = await client.GetAsync(new Uri(url, UriKind.Relative), TestCancellation).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestCancellation);
                var body = await response.Content.ReadAsStringAsync(TestCancellation);
                response.IsSuccessStatusCode.ShouldBeTrue($"{url}: {body}");
                JsonDocument.Parse(body).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
            }

            replica.Log.Events.Where(line => line.Level >= LogEventLevel.Error).Select(RecordedLog.Text).ShouldBeEmpty();
        }
    }

    private static async Task PlantAsync(IDatabase database, RedisKey key, byte[] bytes, int round)
    {
        var life = TimeSpan.FromDays(1);
        if (round == 0)
        {
            await CorruptedRedis.OfAnotherTypeAsync(database, key, key.GetHashCode() & 3);
        }
        else
        {
            await database.StringSetAsync(key, CorruptedRedis.Mutation(bytes).Single(), life);
        }

        var name = key.ToString();
        if (name.Contains(":slice:", StringComparison.Ordinal))
        {
            await database.StringSetAsync(name.Replace(":slice:", ":failed:", StringComparison.Ordinal), Encoding.UTF8.GetBytes(round % 2 == 0 ? "{}" : "[[["));
            await database.StringSetAsync(name.Replace(":slice:", ":flight:", StringComparison.Ordinal), "unknown owner");
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer redis) => await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");

    private static async Task<RedisKey[]> KeysAsync(ConnectionMultiplexer admin, string pattern) => (RedisKey[])(await admin.GetDatabase().ExecuteAsync("KEYS", pattern))!;

    private static string Figures(JsonElement response) => response.GetProperty("records").GetRawText();

    private static bool IsInvalid(LogEvent line) => line.MessageTemplate.Text.StartsWith("Discarded an invalid value from Redis", StringComparison.Ordinal);
}
