using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.AspNetCore.Http.Features;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>
/// Sends the records of a stream while they are read, from Genesys or from the stored result of a job. If reading fails after the response has started, aborts
/// the connection, so that the caller does not mistake a partial response for a complete one.
/// </summary>
internal sealed partial class ConversationStreamSender(
    IEnumerable<IConversationWriter> writers, IOptions<ConversationsOptions> options, IOptions<AggregatesOptions> aggregates, TimeProvider clock, ILogger<ConversationStreamSender> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ResponseFormat, IConversationWriter> _writers = writers.ToDictionary(writer => writer.Format);
    private readonly RunningStreams _streams = new();

    /// <summary>
    /// How long the response waits for the first record. Callers and proxies wait for a response for <c>Aggregates:Timeout</c>; the other half of this time
    /// leaves room for the resolution of queues.
    /// </summary>
    private TimeSpan MaxWaitForRecord => aggregates.Value.Timeout / 2;

    public async Task SendAsync(ConversationsSelection selected, ConversationStream stream, HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Response.IsToHead())
        {
            BeginStream(selected, http);
            return;
        }

        var caller = http.Caller().Identity;
        Enter(caller);
        try
        {
            await using var records = stream.Records.GetAsyncEnumerator(cancellationToken);
            var first = records.MoveNextAsync().AsTask();
            try
            {
                await WaitAsync(first, cancellationToken);
                await SendAsync(selected, first, records, stream.Meta, http, cancellationToken);
            }
            finally
            {
                // Records must not be disposed while the first one is being read.
                await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _streams.Leave(caller);
        }
    }

    /// <exception cref="ProblemException">429: the caller has too many streams. 503: there are too many streams in total.</exception>
    private void Enter(string caller)
    {
        var (maximum, half) = (options.Value.MaxStreams, RunningStreams.HalfOf(options.Value.MaxStreams));
        switch (_streams.Enter(caller, half, maximum))
        {
            case StreamAdmission.CallerHasTooMany:
                throw new ProblemException(ProblemFactory.CallerRateLimited(
                    $"The caller has {half} streams of conversations, the maximum (half of Conversations:MaxStreams). Read one to its end, or close it.", RetryAfter));
            case StreamAdmission.TooManyInTotal:
                throw new ProblemException(ProblemFactory.Overloaded($"{maximum} streams of conversations are running (Conversations:MaxStreams). Try again later.", RetryAfter));
        }
    }

    /// <summary>
    /// Waits for the first record before the response starts, so that a failure until then gives an error status. Reading a long interval can take longer than
    /// callers and proxies wait; the response then starts without a record.
    /// </summary>
    private async Task WaitAsync(Task first, CancellationToken cancellationToken)
    {
        try
        {
            await first.WaitAsync(MaxWaitForRecord, clock, cancellationToken);
        }
        catch (TimeoutException) when (!first.IsCompleted)
        {
            // The response starts now.
        }
    }

    /// <param name="first">Whether there is a record. The task need not have completed.</param>
    private async Task SendAsync(
        ConversationsSelection selected, Task<bool> first, IAsyncEnumerator<ConversationRecord> records, Func<ConversationsMeta> meta, HttpContext http, CancellationToken cancellationToken)
    {
        var format = selected.Query.Format;
        var encoding = BeginStream(selected, http);
        var rows = 0L;
        try
        {
            await http.Response.StartAsync(cancellationToken);
            if (!first.IsCompleted)
            {
                // The writer sends bytes only when it has records.
                await http.Response.Body.FlushAsync(cancellationToken);
            }

            await using (var encoder = encoding is null ? null : ContentCoding.Encoder(encoding, http.Response.Body))
            {
                await _writers[format].WriteAsync(encoder ?? http.Response.Body, new(Counted(), meta), selected.Resolved, selected.Query.Shared.ByteOrderMark, cancellationToken);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.BrokenOff(logger, rows, failure is GenesysException { Failure.Kind: var kind } ? kind.ToWireName() : failure.GetType().Name);
            http.Abort();
            return;
        }

        WriteTrailers(http, meta(), rows);

        async IAsyncEnumerable<ConversationRecord> Counted()
        {
            for (var isAtRecord = await first; isAtRecord; isAtRecord = await records.MoveNextAsync())
            {
                rows++;
                yield return records.Current;
            }
        }
    }

    /// <returns>The encoding of the body; null for none.</returns>
    private static string? BeginStream(ConversationsSelection selected, HttpContext http) =>
        ResponseSender.BeginStream(http, selected.Query.Format, "X-Data-As-Of, X-Data-Complete, X-Row-Count", "conversations");

    private static void WriteTrailers(HttpContext http, ConversationsMeta meta, long rows)
    {
        if (http.Features.Get<IHttpResponseTrailersFeature>() is { Trailers: { IsReadOnly: false } trailers })
        {
            trailers["X-Data-As-Of"] = meta.AsOf;
            trailers["X-Data-Complete"] = meta.Complete ? "true" : "false";
            trailers["X-Row-Count"] = rows.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(8000, LogLevel.Warning, "A stream of conversations was aborted after {Rows} records: {Reason}")]
        public static partial void BrokenOff(ILogger logger, long rows, string reason);
    }
}
