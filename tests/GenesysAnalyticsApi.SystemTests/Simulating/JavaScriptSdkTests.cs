using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>The official SDK is the closest available substitute for Genesys: it must accept every reply.</summary>
public sealed class JavaScriptSdkTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "genesys-js-sdk");

    [Fact]
    public async Task The_official_SDK_logs_in_queries_and_pages()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "tests/genesys-js-sdk/node_modules is absent; run: npm ci --prefix tests/genesys-js-sdk");
        await using var organization = await SimulatedOrganization.StartAsync(new() { RequestsPerMinute = 100_000 });

        var found = await RunAsync(organization.Simulator.BaseAddress.Port);

        Assert.SkipWhen(found is null, "node is absent.");
        var expected = organization.Simulator.World.Figures(
            organization.Queue("Billing DE"), "voice", Day(2026, 4, 13), Day(2026, 4, 14), SimulatedOrganization.Now);
        found!["offered"]!.GetValue<long>().ShouldBe(expected["nOffered"].Count);
        found["buckets"]!.GetValue<int>().ShouldBeGreaterThan(5);
        found["foreignGroups"]!.GetValue<int>().ShouldBe(0);
        found["queueId"]!.GetValue<string>().ShouldBe(organization.Queue("Billing DE").ToString());
        found["queues"]!.GetValue<int>().ShouldBe(48);
        found["distinctQueues"]!.GetValue<int>().ShouldBe(48);
        found["pages"]!.GetValue<int>().ShouldBe(2);
        found["queue"]!.ToJsonString().ShouldBe("""{"name":"Billing DE","division":"DACH","target":0.8}""");
        found["unknownQueue"]!.GetValue<int>().ShouldBe(404);
        found["unknownQueueCode"]!.GetValue<string>().ShouldBe("not.found");
        found["unknownMetric"]!.GetValue<int>().ShouldBe(400);
        found["unknownMetricNamed"]!.GetValue<bool>().ShouldBeTrue();
        found["conversations"]!.GetValue<int>().ShouldBe(found["totalHits"]!.GetValue<int>());
        found["offeredInDetails"]!.GetValue<long>().ShouldBe(expected["nOffered"].Count);
        found["single"]!.GetValue<bool>().ShouldBeTrue();
        found["several"]!.GetValue<int>().ShouldBe(2);
        found["availability"]!.GetValue<string>().ShouldBe("2026-04-15T04:00:00.000Z");
        found["jobState"]!.GetValue<string>().ShouldBe("FULFILLED");
        found["jobPages"]!.GetValue<int>().ShouldBeGreaterThan(2);
        found["conversationsOfJob"]!.GetValue<int>().ShouldBe(found["totalHits"]!.GetValue<int>());
        found["attributes"]!.GetValue<bool>().ShouldBeTrue();
        found["wrongSecret"]!.ToString().ShouldNotBe("200");
        found["tokenIsTaken"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task<JsonNode?> RunAsync(int port)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "check.mjs", port.ToString(CultureInfo.InvariantCulture), "2026-04-13T00:00:00.000Z", "2026-04-14T00:00:00.000Z", "simulator", "simulator",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        // The SDK reads a configuration file from the home folder; a test must not depend on one.
        start.Environment["HOME"] = Path.GetTempPath();
        try
        {
            using var node = Process.Start(start)!;
            var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            node.ExitCode.ShouldBe(0, await errors);
            return JsonNode.Parse(await output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
