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
/// Reads the conversations of a job, in the same order as a stream of GET /conversations, and writes their records to the result store. A piece that fails is
/// tried again, and reported as failed after <see cref="JobRetryPolicy.MaxTries"/> tries. If anything else fails, such as an asynchronous query, or the store
/// loses blocks, the job starts over, at most <see cref="JobRetryPolicy.MaxTries"/> times in total.
/// </summary>
internal sealed class ConversationsJobRun(Job job, ConversationsParameters parameters, ConversationsJobWork services, Func<Job, Task> reportProgress)
{
    /// <summary>
    /// The number of parts: the progress is a percentage, because the number of conversations would reveal to a caller that is limited to some queues how many
    /// conversations the other queues have.
    /// </summary>
    public const int Parts = 100;

    /// <summary>
    /// The shortest pause before a retry. Pieces are read one after the other, so without this pause, all tries of one piece could fall into a short outage, or
    /// into the time for which the circuit breaker is open.
    /// </summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(30);

    private readonly JobRetryPolicy _retryPolicy = new(services.Clock);

    private Job _job = job;
    private int _blocks;
    private long _bytes;

    /// <summary>Runs the job to its end.</summary>
    /// <returns>The ended job, which is not stored yet.</returns>
    /// <exception cref="OperationCanceledException">Only if the token was canceled.</exception>
    public async Task<Job> RunAsync(CancellationToken cancellationToken)
    {
        var asStream = parameters with { Format = null, Bom = null };
        if (services.Validator.ErrorsOf(asStream, _job.CreatedAt, ResponseFormat.Ndjson) is { Count: > 0 } errors)
        {
            // A replica with another version of the service created the job.
            return Ended(JobState.Failed, ProblemType.InvalidRequest.WithDetail(string.Join(' ', errors.SelectMany(error => error.Value))));
        }

        var query = ConversationsQuery.Of(asStream, _job.CreatedAt, ResponseFormat.Ndjson);
        for (var runs = 1; ; runs++)
        {
            // An earlier run, on this replica or on a replica that has died, has written only a part of the result.
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
        var selection = new ConversationsSelection(query, visible, caller.Origin with { IsBackground = true }) { ShouldRetryPiece = PauseBeforeRetryAsync };
        var report = new DetailsReadReport();
        var stream = services.Reader.Read(selection, report, cancellationToken);
        using var blocks = new ConversationBlocks();
        var (records, lastReported) = (0L, 0L);
        await foreach (var record in stream.Records)
        {
            records++;
            if (report.Read - lastReported >= DetailsRequest.MaxPageSize)
            {
                lastReported = report.Read;
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

    /// <summary>
    /// Pauses before a failed piece is tried again. Ends the job if Genesys rejects the credentials, the permissions or the request, because every remaining
    /// piece would fail in the same way.
    /// </summary>
    /// <returns>False if the piece is not tried again.</returns>
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
        _retryPolicy.PauseAsync(failure.RetryAfter > MinPause ? failure.RetryAfter : MinPause, cancellationToken);

    /// <summary>Stores a block. While the store is unavailable, waits and tries again, so that the records that were read from Genesys are not lost.</summary>
    private async Task StoreAsync(string id, byte[] block, CancellationToken cancellationToken)
    {
        var otherBytes = (await services.Jobs.ListAsync(cancellationToken)).Where(other => other.Id != _job.Id).Sum(other => other.Result?.Bytes ?? 0);
        if (otherBytes + _bytes + block.Length > services.MaxResultBytes)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"There is no room for the result: the results of all jobs together can have at most {services.MaxResultBytes} bytes (Jobs:MaxResultBytes). "
                + "Use a shorter interval or more filters, try again when other results have been deleted (Jobs:Keep), or read the conversations as a stream, "
                + "without the 'Prefer: respond-async' header."));
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

    /// <summary>Checks that the store still contains all blocks. While the store is unavailable, waits and tries again.</summary>
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
        var (done, all) = limit is { } maximum && !(report.Expected < maximum) ? (records, (long)maximum) : (report.Read, report.Expected ?? 0);

        // This is an estimate: some of the requests so far only counted conversations, and pages of bulk data contain more records than other pages.
        var callsLeft = report.Calls * Math.Max(0, all - done) / Math.Max(1, done);
        _job = _job with
        {
            // The service can read more conversations than Genesys counted. The last part is done only when the result is stored.
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
