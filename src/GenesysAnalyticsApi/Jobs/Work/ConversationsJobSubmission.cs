using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>A query for conversations.</summary>
/// <param name="Parameters">The parameters, as the caller sent them.</param>
internal sealed record ConversationsJobQuery(ConversationsParameters Parameters) : JobQuery
{
    public override JobKind Kind => JobKind.Conversations;

    public override string Text => QueryBody.QueryStringOf(Parameters);
}

/// <summary>Creates jobs that read conversations.</summary>
internal sealed class ConversationsJobSubmission(JobSubmission submission) : IConversationJobs
{
    /// <summary>The progress of a new job. The number of conversations is not known yet.</summary>
    private static readonly JobProgress InitialProgress = new(0, ConversationsJobRun.Parts, 1);

    public Task<IResult> SubmitAsync(ConversationsParameters parameters, ConversationsQuery query, Instant now, Caller caller, CancellationToken cancellationToken) =>
        submission.SubmitAsync(new ConversationsJobQuery(parameters), query.Shared.Interval, FiltersOf(parameters, query), now, InitialProgress, caller, cancellationToken);

    private static string FiltersOf(ConversationsParameters parameters, ConversationsQuery query) => "conversations?" + QueryBody.QueryStringOf(parameters with
    {
        From = null,
        To = null,
        Interval = null,
        Last = null,
        Format = null,
        Bom = null,
        TimeZone = query.Shared.Zone.Name,
        Match = query.IsByActivity ? "active" : null,
        Order = query.IsDescending ? "desc" : null,
        QueueId = JobSubmission.Items(parameters.QueueId),
        DivisionId = JobSubmission.Items(parameters.DivisionId),
        MediaType = JobSubmission.Items(parameters.MediaType),
        UserId = JobSubmission.Items(parameters.UserId),
        WrapUpCode = JobSubmission.Items(parameters.WrapUpCode),
        DisconnectType = JobSubmission.Items(parameters.DisconnectType),
        Outcome = JobSubmission.Items(parameters.Outcome),
    });
}

/// <summary>Sends the stored results of jobs that read conversations. If a result is no longer stored, its conversations are read from Genesys again.</summary>
internal sealed class ConversationsJobResult(ConversationsRequestHandler handler, IJobResultStore results) : IJobResult
{
    public JobKind Kind => JobKind.Conversations;

    public Func<CancellationToken, Task<IResult>> Prepare(Job job, string? format, string? bom, HttpContext http)
    {
        var query = handler.ResultQueryOf(((ConversationsJobQuery)job.Query).Parameters with { Format = format, Bom = bom }, job.CreatedAt, http);
        return async cancellationToken => await handler.SendResultAsync(query, await FindAsync(job, http.Caller(), cancellationToken), http, cancellationToken);
    }

    private async Task<ConversationStream?> FindAsync(Job job, Caller caller, CancellationToken cancellationToken)
    {
        if (job.Result is not { } result || await results.CountAsync(result.Id, cancellationToken) != result.Blocks)
        {
            return null;
        }

        var stored = ConversationBlocks.Read(BlocksAsync(result, cancellationToken));
        return stored with { Records = RecordsAsync(stored.Records, result, caller.May(CallerScopes.Agents), cancellationToken) };
    }

    /// <param name="showsAgents">Whether the caller has the <c>agents</c> scope now. The caller might have lost the scope since the job was created.</param>
    private async IAsyncEnumerable<ConversationRecord> RecordsAsync(
        IAsyncEnumerable<ConversationRecord> stored, StoredResult result, bool showsAgents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var records = stored.GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync())
        {
            yield return showsAgents ? records.Current : records.Current with { Agents = null };
        }

        async Task<bool> MoveAsync()
        {
            try
            {
                return await records.MoveNextAsync();
            }
            catch (InvalidDataException)
            {
                // The damaged result is deleted, so the next request for the result reads the conversations from Genesys.
                await results.DeleteAsync(result.Id);
                throw new ProblemException(ProblemFactory.Overloaded("The stored result of the job is damaged. Request the result again: the service then reads the conversations from Genesys Cloud once more.", TimeSpan.FromSeconds(1)));
            }
        }
    }

    private async IAsyncEnumerable<byte[]> BlocksAsync(StoredResult result, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < result.Blocks; number++)
        {
            yield return await results.ReadAsync(result.Id, number, cancellationToken)
                ?? throw new ProblemException(ProblemFactory.Overloaded("The stored result of the job cannot be read at the moment. Try again.", TimeSpan.FromSeconds(5)));
        }
    }
}
