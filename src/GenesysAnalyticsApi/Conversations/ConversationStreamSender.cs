using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.AspNetCore.Http.Features;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>
/// Sends the records of a stream while they are read, from Genesys or from the stored result of a job. If reading fails after the response has started, aborts
/// the connection, so that the caller does not mistake a partial response for a complete one.
/// </summary>
internal sealed partial class ConversationStreamSender(
    IEnumerable<IConversationWriter> writers, IOptions<ConversationsOptions> options, ILogger<ConversationStreamSender> logger) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ResponseFormat, IConversationWriter> _writers = writers.ToDictionary(writer => writer.Format);
    private readonly SemaphoreSlim _slots = new(options.Value.MaxStreams);

    public async Task SendAsync(ConversationsSelection selected, ConversationStream stream, HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Response.IsToHead())
        {
            BeginStream(selected, http);
            return;
        }

        if (!await _slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new ProblemException(ProblemFactory.Overloaded($"{options.Value.MaxStreams} streams of conversations are running (Conversations:MaxStreams). Try again later.", RetryAfter));
        }

        try
        {
            await using var records = stream.Records.GetAsyncEnumerator(cancellationToken);

            // The first record is read before the response starts, so that a failure until then gives an error status.
            var hasRecord = await records.MoveNextAsync();
            await SendAsync(selected, hasRecord, records, stream.Meta, http, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task SendAsync(
        ConversationsSelection selected, bool hasRecord, IAsyncEnumerator<ConversationRecord> records, Func<ConversationsMeta> meta, HttpContext http, CancellationToken cancellationToken)
    {
        var format = selected.Query.Format;
        var encoding = BeginStream(selected, http);
        var rows = 0L;
        try
        {
            await http.Response.StartAsync(cancellationToken);
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
            for (var isAtRecord = hasRecord; isAtRecord; isAtRecord = await records.MoveNextAsync())
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
