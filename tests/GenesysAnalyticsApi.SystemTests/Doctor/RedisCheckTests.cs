using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

public sealed class RedisCheckTests
{
    private const string Password = "planted-redis-password-90ab";

    [Fact]
    public async Task A_Redis_that_never_evicts_is_a_warning()
    {
        using var redis = RedisServer.StartUnlessGarnetSuffices("has no maxmemory-policy: it always evicts");

        await AssertFindingAsync("allkeys-lru", "0", "ok", "");
        await AssertFindingAsync("noeviction", "0", "warning", "Its memory has no limit (maxmemory 0, maxmemory-policy noeviction): it grows until the machine runs out of memory.");
        await AssertFindingAsync("noeviction", "64mb", "warning", "When its memory is full, it rejects writes (maxmemory-policy noeviction).");

        async Task AssertFindingAsync(string policy, string limit, string condition, string ending)
        {
            await redis.SetAsync("maxmemory-policy", policy);
            await redis.SetAsync("maxmemory", limit);

            // A service reuses its report for a while, so each case needs a new service.
            using var service = With(redis.ConnectionString);
            var found = await DoctorReport.OfAsync(service.CreateClient());

            found["redis"].Condition.ShouldBe(condition, found["redis"].Finding);
            found["redis"].Finding.ShouldEndWith(ending);
            found.Healthy.ShouldBeTrue();
            found.Detail("redis", "maxmemoryPolicy").ShouldBe(policy);
        }
    }

    [Theory, EachRedis]
    public async Task A_reachable_server_is_named_with_its_version(string software)
    {
        using var redis = RedisServer.Start(software);
        using var service = With(redis.ConnectionString);

        var found = await DoctorReport.OfAsync(service.CreateClient());

        var name = software == RedisServer.Garnet ? "Garnet" : "Redis";
        found["redis"].Finding.ShouldMatch($@"^{name} \d+\.\d+\S* at {redis.ConnectionString} responds in \d+\.\d ms; \d replicas? uses? it\.");
        found.Healthy.ShouldBeTrue();
    }

    [Theory, EachRedis]
    public async Task An_unreachable_Redis_is_reported_with_its_address(string software)
    {
        using var redis = RedisServer.Absent(software);
        using var service = With(redis.ConnectionString);

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found["redis"].Condition.ShouldBe("failed");
        found["redis"].Finding.ShouldStartWith($"Redis at {redis.ConnectionString} cannot be reached (");
        found["redis"].Remedy!.ShouldContain("Cache:Redis");
        found["queues"].Condition.ShouldBe("ok");
    }

    [Theory, EachRedis]
    public async Task A_wrong_Redis_password_is_reported_but_not_shown(string software)
    {
        using var redis = RedisServer.Start(software, password: "the right one");
        using var service = With($"{redis.ConnectionString},password={Password}");

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found["redis"].Finding.ShouldBe($"Redis at {redis.ConnectionString} rejects the password or user of Cache:Redis.");
        found.ToString().ShouldNotContain(Password);
    }

    private static RunningService With(string connection) =>
        new() { Upstream = new DoctorUpstream().Handler, Settings = new(DoctorUpstream.Settings) { ["Cache:Redis"] = connection } };
}
