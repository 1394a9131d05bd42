using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>
/// Reads all slices of a job's query into the cache, with background priority. A slice that fails is tried again after the other slices, and given up after
/// <see cref="JobRetryPolicy.MaxTries"/> tries. Nothing is folded: a request for the result runs the query again, and finds the slices in the cache.
/// </summary>
internal sealed class AggregatesJobRun(Job job, AggregatesParameters parameters, AggregatesJobWork services, Func<Job, Task> reportProgress)
{
    /// <summary>The maximum number of plans. A plan usually changes once or twice, until the sizes of the slices and all queues are known.</summary>
    private const int MaxPlans = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<SliceKey, SliceResult> _completed = [];
    private readonly JobRetryPolicy _retryPolicy = new(services.Clock);

    private Job _job = job;
    private Queue<Slice> _waiting = new();
    private JobParts _parts = new([]);

    /// <summary>Runs the job to its end.</summary>
    /// <returns>The ended job, which is not stored yet.</returns>
    /// <exception cref="OperationCanceledException">Only if the token was canceled. The slices that were fetched stay in the cache.</exception>
    public async Task<Job> RunAsync(CancellationToken cancellationToken)
    {
        if (services.Validator.ErrorsOf(parameters with { Format = null, Bom = null }, _job.CreatedAt, ResponseFormat.Ndjson) is { Count: > 0 } errors)
        {
            // A replica with another version of the service created the job.
            return Ended(JobState.Failed, ProblemType.InvalidRequest.WithDetail(string.Join(' ', errors.SelectMany(error => error.Value))));
        }

        var query = AggregatesQuery.OfJob(parameters, _job.CreatedAt);
        try
        {
            // A read can reveal a queue that no list contains, or a better number of shards. The next plan can then contain further slices.
            for (var plans = 0; plans < MaxPlans && await PlanAsync(query, cancellationToken) is { } context; plans++)
            {
                await Task.WhenAll(Enumerable.Range(0, services.Concurrency).Select(_ => ReadAsync(context, cancellationToken)));
            }

            PartialResultPolicy.Check(_completed.Values, query.DenyPartial);
            return Ended(JobState.Succeeded, null);
        }
        catch (GenesysException failure)
        {
            return Ended(JobState.Failed, ProblemFactory.FromGenesys(failure.Failure));
        }
        catch (ProblemException failure)
        {
            return Ended(JobState.Failed, failure.Problem);
        }
    }

    /// <returns>Null if no slice is left to read.</returns>
    private async Task<SliceReadContext?> PlanAsync(AggregatesQuery query, CancellationToken cancellationToken)
    {
        var planned = await PlanWhenPossibleAsync(query, cancellationToken);
        var all = planned.Plan.Slices;
        var earlier = new Dictionary<SliceKey, SliceResult>(_completed);
        (_parts, _waiting) = (new JobParts(all), new Queue<Slice>());

        // Slices that only an earlier plan contains no longer count for the progress.
        _completed.Clear();
        foreach (var slice in all)
        {
            if (SliceReader.IsLate(slice, earlier))
            {
                _waiting.Enqueue(slice);
            }
            else
            {
                _completed[slice.Key] = earlier[slice.Key];
                _parts.Complete(slice);
            }
        }

        await ReportAsync();
        return _waiting.Count == 0 ? null : planned.Context with { Slot = null };
    }

    /// <summary>
    /// Plans the query. While the service is overloaded or a directory cannot be read, waits and tries again, because no caller waits for a job.
    /// </summary>
    private async Task<PlannedQuery> PlanWhenPossibleAsync(AggregatesQuery query, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var slot = await services.Work.EnterAsync(_job.Owner.Identity, cancellationToken);
                using var deadline = services.Service.NewDeadline(cancellationToken);
                var planned = await services.Service.PlanAsync(query, _job.Owner.Caller, slot, deadline, cancellationToken);

                // Planning has started to read names. Only the result uses them, but the reads must end before their deadline is disposed.
                await planned.PendingQueueNames;
                await planned.PendingDimensionNames;
                return planned;
            }
            catch (ProblemException refused) when (refused.Problem.Status == StatusCodes.Status503ServiceUnavailable && !_retryPolicy.HasGivenUp)
            {
                await _retryPolicy.PauseAsync(refused.Problem.RetryAfter, cancellationToken);
            }
            catch (GenesysException failure) when (JobRetryPolicy.MayPass(failure.Failure.Kind) && !_retryPolicy.HasGivenUp)
            {
                await _retryPolicy.PauseAsync(failure.Failure.RetryAfter, cancellationToken);
            }
        }
    }

    private async Task ReadAsync(SliceReadContext context, CancellationToken cancellationToken)
    {
        while (Next() is { } slice)
        {
            var result = await services.Slices.GetAsync(slice, context, cancellationToken);
            if (result.Failure is { } failure && _retryPolicy.MayTryAgain(slice.Key, failure))
            {
                await _retryPolicy.PauseAsync(failure.RetryAfter, cancellationToken);
                lock (_gate)
                {
                    _waiting.Enqueue(slice);
                }
            }
            else
            {
                services.Slices.KeepForJob(result);
                Complete(slice, result);
                await ReportAsync();
                StopIfAllFail(result.Failure);
            }
        }
    }

    private Slice? Next()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out var slice) ? slice : null;
        }
    }

    /// <summary>
    /// Ends the job if Genesys rejects the credentials, the permissions or the request, because every remaining part would fail in the same way.
    /// </summary>
    private void StopIfAllFail(GenesysFailure? failure)
    {
        if (failure is not null && PartialResultPolicy.IsNeverPartial(failure.Kind))
        {
            lock (_gate)
            {
                _waiting.Clear();
            }

            throw new GenesysException(failure);
        }
    }

    private void Complete(Slice slice, SliceResult result)
    {
        lock (_gate)
        {
            _completed[slice.Key] = result.WithoutFacts();
            _parts.Complete(slice);
        }

        if (result.Failure is null)
        {
            _retryPolicy.Succeeded();
        }
    }

    private Task ReportAsync()
    {
        lock (_gate)
        {
            _job = _job with { Progress = new(_parts.Done, _parts.Total, _waiting.TryPeek(out var next) ? _waiting.Count * services.Sizes.RequestsFor(next) : 0) };
        }

        return reportProgress(_job);
    }

    private Job Ended(JobState state, Problem? error) => _job.End(state, Instant.FromDateTimeOffset(services.Clock.GetUtcNow()), error) with
    {
        FailedParts = [.. _completed.Values.Where(result => result.HasGaps).OrderBy(result => result.Slice.Key.From).Select(PartialResultPolicy.Describe).Distinct().Take(Job.MaxFailedParts)],
    };
}
