using System.Globalization;
using System.Net;
using CsCheck;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>
/// Nonsense and nearly sense, at random. A case that fails is printed as a <c>curl</c> command beside the seed that makes it again:
/// <c>CsCheck_Seed=… dotnet test</c>. <c>FUZZ_CASES</c> sets their number; CI runs more than the default.
/// </summary>
[Collection(Alone.Name)]
public sealed class FuzzTests
{
    // Caches and pools breathe by tens of MiB, so that one round proves little; what stays of each request grows in every one of them.
    private const int Rounds = 4;
    private const int AllowedBytesPerRequest = 1024;

    private static int Cases { get; } = int.Parse(Environment.GetEnvironmentVariable("FUZZ_CASES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whatever_is_asked_there_is_an_answer_of_the_contract_and_nothing_of_it_stays_in_memory()
    {
        await using var service = new FuzzedService();

        // The first fills the caches and compiles what is used.
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

        // All of it refused would prove little.
        service.Statuses[HttpStatusCode.OK].ShouldBeGreaterThan(Cases / 10);
        service.Statuses[HttpStatusCode.BadRequest].ShouldBeGreaterThan(Cases / 10);
    }

    private static Task FuzzAsync(FuzzedService service, int cases) => GenRequest.Any.SampleAsync(
        async asked =>
        {
            var answer = await service.AskAsync(asked);

            ResponseRules.Check(asked, answer);
            service.Log.Faults.TryDequeue(out var fault).ShouldBeFalse(fault);
        },
        iter: cases,
        print: asked => asked.ToString());

    private static long ManagedBytes()
    {
        // Twice: what had a finalizer goes the second time.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

/// <summary>Not beside other tests, whose memory would be measured too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
