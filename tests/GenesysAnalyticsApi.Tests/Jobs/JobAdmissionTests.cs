using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Jobs.Work;
using GenesysAnalyticsApi.Redis.Jobs;
using GenesysAnalyticsApi.Security.Authentication;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Jobs;

/// <summary>Which jobs are added, and how other replicas read them.</summary>
public sealed class JobAdmissionTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15);

    private static readonly JobsOptions Limits = new() { MaxPerCaller = 2, MaxTotal = 3 };

    private static readonly Gen<Job> AnyJob = Gen.Select(Gen.Int[0, 3], Gen.Enum<JobState>(), Gen.Int[0, 3], Gen.Int[0, 100], Gen.Bool, Gen.Bool).Select((caller, state, query, minutes, endsNow, isOfConversations) => JobOf(
        $"caller {caller}", state, $"query {query}", Now + Duration.FromMinutes(minutes)) with
    {
        EndsNow = endsNow,
        Query = isOfConversations ? new ConversationsJobQuery(new() { Outcome = ["abandoned"], Last = "P1D" }) : new AggregatesJobQuery(new() { Queue = ["Billing*"], Last = "P1D" }),
        Result = isOfConversations ? new(new string('a', 32), minutes, 1L << minutes % 60) : null,
    });

    [Fact]
    public void An_equal_job_that_has_not_ended_is_reused()
    {
        var running = JobOf("a", JobState.Running, "q");

        JobAdmission.Decide(JobOf("a", JobState.Queued, "q"), [running], Limits).Existing.ShouldBe(running);
        JobAdmission.Decide(JobOf("b", JobState.Queued, "q"), [running], Limits).Existing.ShouldBeNull();
        JobAdmission.Decide(JobOf("a", JobState.Queued, "other"), [running], Limits).Existing.ShouldBeNull();
        JobAdmission.Decide(JobOf("a", JobState.Queued, "q", queues: ["Sales"]), [running], Limits).Existing.ShouldBeNull("the caller sees other queues now");
    }

    [Theory]
    [InlineData("Succeeded", false, null, true)]
    [InlineData("Succeeded", true, null, false)] // newer figures are what the caller wants
    [InlineData("Succeeded", false, "60", false)]
    [InlineData("Failed", false, null, false)]
    [InlineData("Cancelled", false, null, false)]
    public void An_ended_job_is_reused_only_if_a_new_result_could_not_be_newer(string state, bool endsNow, string? maxAge, bool isReused)
    {
        var ended = JobOf("a", Enum.Parse<JobState>(state), "q") with { EndsNow = endsNow };
        var job = JobOf("a", JobState.Queued, "q") with { EndsNow = endsNow, Query = new AggregatesJobQuery(new() { MaxAge = maxAge }) };

        (JobAdmission.Decide(job, [ended], Limits).Existing == ended).ShouldBe(isReused);
    }

    [Fact]
    public void Jobs_that_have_not_ended_are_limited_per_caller_and_in_total()
    {
        Job[] jobs = [JobOf("a", JobState.Running, "1"), JobOf("a", JobState.Queued, "2"), JobOf("a", JobState.Failed, "3")];

        Rejection(JobOf("a", JobState.Queued, "4"), jobs).ShouldContain("Jobs:MaxPerCaller");
        JobAdmission.Decide(JobOf("b", JobState.Queued, "4"), jobs, Limits).Existing.ShouldBeNull();
        Rejection(JobOf("c", JobState.Queued, "4"), [.. jobs, JobOf("b", JobState.Queued, "5")]).ShouldContain("Jobs:MaxTotal");
    }

    [Fact]
    public void The_oldest_ended_jobs_of_the_caller_make_room()
    {
        Job[] ended = [.. Enumerable.Range(0, 25).Select(minute => JobOf("a", JobState.Cancelled, $"{minute}") with { EndedAt = Now + Duration.FromMinutes(minute) })];

        var forgotten = JobAdmission.Decide(JobOf("a", JobState.Queued, "new"), [.. ended, JobOf("b", JobState.Cancelled, "x")], Limits).Evicted;

        forgotten.Select(job => job.QueryKey).Order(StringComparer.Ordinal).ShouldBe(["0", "1", "2", "3", "4", "5"]);
    }

    [Fact]
    public void Every_job_survives_a_round_trip_through_Redis() => AnyJob.Sample(job =>
    {
        var back = JobCacheEntry.Read(JobCacheEntry.Write(job), job.Id, out var fault).ShouldNotBeNull();

        fault.ShouldBeNull();
        JobCacheEntry.Write(back).ShouldBe(JobCacheEntry.Write(job));
        (back.CreatedAt, back.State, back.Owner.Caller.Visibility.Key).ShouldBe((job.CreatedAt, job.State, job.Owner.Caller.Visibility.Key));
        (back.Query.Kind, back.Query.Text, back.Result).ShouldBe((job.Query.Kind, job.Query.Text, job.Result));
    });

    [Fact]
    public void A_job_with_a_changed_byte_is_read_as_a_valid_job_or_rejected()
    {
        var bytes = JobCacheEntry.Write(JobOf("a", JobState.Failed, "q") with { EndedAt = Now, Error = ProblemType.Internal.WithDetail("x") });

        Gen.Select(Gen.Int[1, bytes.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] = value;
            // Null without a fault means that the version differs.
            (JobCacheEntry.Read(damaged, new string('0', 32), out var fault) is not null && fault is not null).ShouldBeFalse();
        });
    }

    [Fact]
    public void A_stored_job_with_two_queries_or_an_impossible_result_is_rejected()
    {
        var job = JobOf("a", JobState.Running, "q") with { Query = new ConversationsJobQuery(new() { Last = "P1D" }), Result = new(new string('a', 32), 3, 5) };
        var text = Encoding.UTF8.GetString(JobCacheEntry.Write(job));

        foreach (var (known, damaged) in new[] { ("\"Blocks\":3", "\"Blocks\":-3"), (new string('a', 32), "../other"), ("\"Parameters\":null", "\"Parameters\":{}") })
        {
            text.ShouldContain(known);
            JobCacheEntry.Read(Encoding.UTF8.GetBytes(text.Replace(known, damaged, StringComparison.Ordinal)), job.Id, out var fault).ShouldBeNull();
            fault.ShouldNotBeNull(damaged);
        }

        JobCacheEntry.Read(Encoding.UTF8.GetBytes(text.Replace("\"Version\":2", "\"Version\":3", StringComparison.Ordinal)), job.Id, out var other).ShouldBeNull();
        other.ShouldBeNull("a later version is not a fault");
    }

    private static string Rejection(Job job, Job[] jobs)
    {
        var problem = Should.Throw<ProblemException>(() => JobAdmission.Decide(job, jobs, Limits)).Problem;
        (problem.Status, problem.Name).ShouldBe((429, "too-many-jobs"));
        return problem.Detail!;
    }

    private static Job JobOf(string caller, JobState state, string query, Instant? createdAt = null, string[]? queues = null) => new()
    {
        Id = new string('0', 32),
        Owner = new(caller, caller, CallerScopes.Read, queues is null, [.. queues ?? []], []),
        Query = new AggregatesJobQuery(new() { Queue = ["Billing*"], Last = "P1D" }),
        QueryKey = query,
        From = Now - Duration.FromDays(2),
        To = Now - Duration.FromDays(1),
        EndsNow = false,
        CreatedAt = createdAt ?? Now,
        State = state,
        EndedAt = state >= JobState.Succeeded ? Now : null,
        Progress = new(1, 2, 3),
        FailedParts = [],
    };
}
