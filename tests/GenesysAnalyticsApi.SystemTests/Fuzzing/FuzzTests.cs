using System.Globalization;
using System.Net;
using CsCheck;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>
/// Random invalid and almost valid requests. A failing case is printed as a <c>curl</c> command with the seed that reproduces it:
/// <c>CsCheck_Seed=… dotnet test</c>. <c>FUZZ_CASES</c> sets the number of cases; CI runs more than the default.
/// </summary>
[Collection(Alone.Name)]
public sealed class FuzzTests
{
    // Caches and pools vary by tens of MiB, so one round proves little. Leaked memory grows in every round.
    private const int Rounds = 4;
    private const int AllowedBytesPerRequest = 1024;

    private static int Cases { get; } = int.Parse(Environment.GetEnvironmentVariable("FUZZ_CASES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_request_gets_a_valid_response_and_leaks_no_memory()
    {
        await using var service = new FuzzedService();

        // The first round fills the caches and compiles the code paths.
        var bytes = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await FuzzAsync(service, Cases / Rounds);
            bytes.Add(ManagedBytes());
        }

        var growth = bytes.Zip(bytes.Skip(1), (before, after) => after - before).ToList();
        TestContext.Current.SendDiagnosticMessage("growth {0}", string.Join(", ", growth));
        growth.Min().ShouldBeLessThan(Cases / Rounds * AllowedBytesPerRequest, string.Join(", ", bytes));
        service.Genesys.Violations.ShouldBeEmpty();

        // If every request were rejected, the test would prove little.
        service.Statuses[HttpStatusCode.OK].ShouldBeGreaterThan(Cases / 10);
        service.Statuses[HttpStatusCode.BadRequest].ShouldBeGreaterThan(Cases / 10);
    }

    private static Task FuzzAsync(FuzzedService service, int cases) => GenRequest.Any.SampleAsync(
        async request =>
        {
            var response = await service.QueryAsync(request);

            ResponseRules.Check(request, response);
            service.Log.Faults.TryDequeue(out var fault).ShouldBeFalse(fault);
        },
        iter: cases,
        print: request => request.ToString());

    private static long ManagedBytes()
    {
        // The second collection frees objects with finalizers.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

/// <summary>Runs without other tests in parallel, whose memory would be measured too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
