using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>
/// Reads all conversations of a job once, in the order of the stream, into the result store. A piece that fails is tried again, and reported as failed after
/// <see cref="JobRetryPolicy.MaxTries"/> tries. If anything else fails, such as an asynchronous query, the whole run is tried again, at most as many times.
/// </summary>
internal sealed class ConversationsJobRun(Job job, ConversationsParameters parameters, ConversationsJobWork services, Func<Job, Task> reportProgress)
{
    /// <summary>The progress is in percent: the number of conversations would reveal to a caller that is limited to some queues how many the other queues have.</summary>
    public const int Parts = 100;

    /// <summary>Pieces are read one after the other, so the tries of one piece must not all fall into a short outage, or into the time for which the circuit breaker is open.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(30);

    private readonly JobRetryPolicy _retryPolicy = new(services.Clock);

    private Job _job = job;
    private int _blocks;
    private long _bytes;

    /// <summary>Runs the job to its end.</summary>
    /// <returns>The ended job, not yet stored.</returns>
    /// <exception cref="OperationCanceledException">Only if the token was canceled.</exception>
    public async Task<Job> RunAsync(CancellationToken cancellationToken)
    {
        var asStream = parameters with { Format = null, Bom = null };
        if (services.Validator.ErrorsOf(asStream, _job.CreatedAt, ResponseFormat.Ndjson) is { Count: > 0 } errors)
        {
            // A replica of another version created the job.
            return Ended(JobState.Failed, ProblemType.InvalidRequest.WithDetail(string.Join(' ', errors.SelectMany(error => error.Value))));
        }

        var query = ConversationsQuery.Of(asStream, _job.CreatedAt, ResponseFormat.Ndjson);
        for (var runs = 1; ; runs++)
        {
            // What an earlier run has written, here or on a replica that has died, is incomplete.
            await DeleteAsync();
            (_blocks, _bytes, var id) = (0, 0, Guid.NewGuid().ToString("N"));
            _job = _job with { Result = new(id, 0, 0) };
            var isKept = false;
            try
            {
                await reportProgress(_job);
                var report = await ReadAsync(query, id, cancellationToken);
                if (await IsStoredAsync(id, cancellationToken))
                {
                    await services.Results.KeepAsync(id);
                    isKept = true;
                    return Succeeded(report);
                }

                if (runs >= JobRetryPolicy.MaxTries)
                {
                    return Ended(JobState.Failed, NotStored());
                }
            }
            catch (GenesysException failure) when (_retryPolicy.MayTryAgain(this, failure.Failure))
            {
                await PauseAsync(failure.Failure, cancellationToken);
            }
            catch (GenesysException failure)
            {
                return Ended(JobState.Failed, ProblemFactory.FromGenesys(failure.Failure));
            }
            catch (ProblemException refused) when (refused.Problem.Status == StatusCodes.Status503ServiceUnavailable && !_retryPolicy.HasGivenUp)
            {
                await _retryPolicy.PauseAsync(refused.Problem.RetryAfter, cancellationToken);
            }
            catch (ProblemException failure)
            {
                return Ended(JobState.Failed, failure.Problem);
            }
            finally
            {
                if (!isKept)
                {
                    await DeleteAsync();
                }
            }
        }
    }

    private Task DeleteAsync() => _job.Result is { } result ? services.Results.DeleteAsync(result.Id) : Task.CompletedTask;

    private async Task<DetailsReadReport> ReadAsync(ConversationsQuery query, string id, CancellationToken cancellationToken)
    {
        var caller = _job.Owner.Caller;
        var visible = await services.Queues.ResolveAsync(query.Shared.QueueIds, query.Shared.QueueNames, query.Shared.DivisionIds, caller, cancellationToken);
        var selection = new ConversationsSelection(query, visible, caller.Origin with { IsBackground = true }) { OnFailedPiece = PauseBeforeRetryAsync };
        var report = new DetailsReadReport();
        var stream = services.Reader.Read(selection, report, cancellationToken);
        using var blocks = new ConversationBlocks();
        var (records, read) = (0L, 0L);
        await foreach (var record in stream.Records)
        {
            records++;
            if (report.Read - read >= DetailsRequest.MaxPageSize)
            {
                read = report.Read;
                _retryPolicy.Succeeded();
                await ReportAsync(report, query.Limit, records);
            }

            if (blocks.Add(record) is { } block)
            {
                await StoreAsync(id, block, cancellationToken);
            }
        }

        if (records == 0 && report.FailedPieces is [.., var (_, failure)])
        {
            throw new GenesysException(failure);
        }

        await StoreAsync(id, blocks.End(stream.Meta()), cancellationToken);
        return report;
    }

    /// <summary>Invalid credentials and missing permissions fail every piece, so the remaining pieces are not tried.</summary>
    private async Task<bool> PauseBeforeRetryAsync(DetailsPiece piece, GenesysFailure failure, CancellationToken cancellationToken)
    {
        if (PartialResultPolicy.IsNeverPartial(failure.Kind))
        {
            throw new GenesysException(failure);
        }

        if (!_retryPolicy.MayTryAgain(piece, failure))
        {
            return false;
        }

        await PauseAsync(failure, cancellationToken);
        return true;
    }

    private Task PauseAsync(GenesysFailure failure, CancellationToken cancellationToken) =>
        _retryPolicy.PauseAsync(failure.RetryAfter > LeastPause ? failure.RetryAfter : LeastPause, cancellationToken);

    /// <summary>Waits while the store is unavailable, so that what was read from Genesys is not lost.</summary>
    private async Task StoreAsync(string id, byte[] block, CancellationToken cancellationToken)
    {
        var others = (await services.Jobs.ListAsync(cancellationToken)).Where(other => other.Id != _job.Id).Sum(other => other.Result?.Bytes ?? 0);
        if (others + _bytes + block.Length > services.MaxResultBytes)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"There is no room for the result: the results of all jobs together may take {services.MaxResultBytes} bytes (Jobs:MaxResultBytes). "
                + "Use a shorter interval or more filters, try again when other results have been deleted (Jobs:Keep), or read the conversations as a stream, "
                + "without the header 'Prefer: respond-async'."));
        }

        while (!await services.Results.AddAsync(id, _blocks, block, cancellationToken))
        {
            if (_retryPolicy.HasGivenUp)
            {
                throw new ProblemException(NotStored());
            }

            await _retryPolicy.PauseAsync(null, cancellationToken);
        }

        (_blocks, _bytes) = (_blocks + 1, _bytes + block.Length);
        _job = _job with { Result = new(id, _blocks, _bytes) };
    }

    /// <returns>False if the store has lost blocks, for example because Redis was restarted.</returns>
    private async Task<bool> IsStoredAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await services.Results.CountAsync(id, cancellationToken) is { } blocks)
            {
                return blocks == _blocks;
            }

            if (_retryPolicy.HasGivenUp)
            {
                throw new ProblemException(NotStored());
            }

            await _retryPolicy.PauseAsync(null, cancellationToken);
        }
    }

    private static Problem NotStored() => ProblemFactory.Overloaded("The result of the job could not be stored in Redis (Cache:Redis) or on disk (Cache:Directory). Send the query again.", TimeSpan.FromMinutes(1));

    private Task ReportAsync(DetailsReadReport report, int? limit, long records)
    {
        var (done, all) = limit is { } most && !(report.Expected < most) ? (records, (long)most) : (report.Read, report.Expected ?? 0);

        // An estimate: the requests so far include those that only count conversations, and bulk pages hold more records than others.
        var callsLeft = report.Calls * Math.Max(0, all - done) / Math.Max(1, done);
        _job = _job with
        {
            // More conversations may be read than were counted. The last part is done when the result is stored.
            Progress = new(Math.Max(_job.Progress.Done, (int)Math.Min(Parts - 1, Parts * done / Math.Max(1, all))), Parts, (int)Math.Min(int.MaxValue, callsLeft)),
        };
        return reportProgress(_job);
    }

    private Job Succeeded(DetailsReadReport report)
    {
        _job = _job with { Progress = new(Parts, Parts, 0) };
        return Ended(JobState.Succeeded, null) with
        {
            FailedParts =
            [
                .. report.FailedPieces.Take(Job.MaxFailedParts).Select(failed => new FailedSlice(
                    InstantFormat.Print(failed.Piece.From), InstantFormat.Print(failed.Piece.To), null, $"{failed.Failure.Kind.ToWireName()}: {failed.Failure.Message}")),
            ],
        };
    }

    private Job Ended(JobState state, Problem? error) => _job.End(state, Instant.FromDateTimeOffset(services.Clock.GetUtcNow()), error);
}
