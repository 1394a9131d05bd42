using CsCheck;
using GenesysAnalyticsApi.Aggregates.Admission;

namespace GenesysAnalyticsApi.Tests.Aggregates.Admission;

public sealed class FairSemaphoreTests
{
    private static readonly Func<SemaphoreUsage, bool> Always = _ => true;

    [Fact]
    public void A_single_caller_may_hold_all_permits_and_another_waits_for_at_most_one_release()
    {
        var semaphore = new FairSemaphore(3);
        var held = Enumerable.Range(0, 3).Select(_ => semaphore.Enter("busy", Always)!).ToList();
        var waiting = Enumerable.Range(0, 100).Select(_ => semaphore.Enter("busy", Always)!).ToList();
        var other = semaphore.Enter("modest", Always)!;
        held.ShouldAllBe(permit => permit.IsGranted);
        other.IsGranted.ShouldBeFalse();

        held[0].Dispose();

        other.IsGranted.ShouldBeTrue();
        waiting.ShouldAllBe(permit => !permit.IsGranted);
        held[1].Dispose();
        waiting.Count(permit => permit.IsGranted).ShouldBe(1);
        (semaphore.Held, semaphore.Waiting).ShouldBe((3, 99));
    }

    [Fact]
    public void Permits_are_never_granted_twice_or_lost_and_none_is_free_while_a_caller_waits() =>
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4]).List[1, 120]).Sample((many, steps) =>
        {
            var semaphore = new FairSemaphore(many);
            var all = new List<SemaphorePermit>();
            foreach (var (caller, step) in steps)
            {
                switch (step)
                {
                    case 0 when all.Count > 0:
                        all[caller % all.Count].Dispose();
                        all.RemoveAt(caller % all.Count);
                        break;
                    case 1:
                        all.Add(semaphore.EnterAgain($"{caller}"));
                        break;
                    case 2 when semaphore.TryEvict($"{caller}", () => new InvalidOperationException()):
                        all.RemoveAll(permit => permit.Granted.IsFaulted).ShouldBe(1);
                        break;
                    default:
                        all.Add(semaphore.Enter($"{caller}", Always)!);
                        break;
                }

                var granted = all.Count(permit => permit.IsGranted);
                granted.ShouldBe(Math.Min(many, all.Count));
                semaphore.Held.ShouldBe(granted);
                semaphore.Waiting.ShouldBe(all.Count(permit => !permit.IsGranted && !permit.IsReentry));
            }

            all.ForEach(permit => permit.Dispose());
            (semaphore.Held, semaphore.Waiting).ShouldBe((0, 0));
        });

    [Fact]
    public void A_full_queue_evicts_a_request_of_the_caller_with_the_most_waiting_requests()
    {
        var semaphore = new FairSemaphore(1);
        using var held = semaphore.Enter("busy", Always);
        var reentry = semaphore.EnterAgain("busy");
        var waiting = Enumerable.Range(0, 3).Select(_ => semaphore.Enter("busy", Always)!).ToList();

        semaphore.TryEvict("modest", () => new InvalidOperationException()).ShouldBeTrue();
        semaphore.Enter("modest", Always);
        semaphore.TryEvict("modest", () => new InvalidOperationException()).ShouldBeFalse("'modest' would then have as many waiting requests as 'busy'");

        waiting.Select(permit => permit.Granted.IsFaulted).ShouldBe([false, false, true]);
        reentry.Granted.IsFaulted.ShouldBeFalse();
    }
}
