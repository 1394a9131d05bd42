using System.Globalization;
using System.Runtime.CompilerServices;
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
/// Sends all records while they are read. If Genesys fails after the first record, the connection is aborted, so that a caller never takes a part for the whole.
/// </summary>
internal sealed partial class ConversationStreamSender(
    IDetailsReader reader, ConversationMetaBuilder metas, IEnumerable<IConversationWriter> writers, IOptions<ConversationsOptions> options, ILogger<ConversationStreamSender> logger) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ResponseFormat, IConversationWriter> _writers = writers.ToDictionary(writer => writer.Format);
    private readonly SemaphoreSlim _slots = new(options.Value.MaxStreams);

    public async Task SendAsync(ConversationsSelection selected, HttpContext http, CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new ProblemException(Problems.Overloaded($"{options.Value.MaxStreams} streams of conversations are running (Conversations:MaxStreams). Try again later.", RetryAfter));
        }

        try
        {
            var notes = new DetailsNotes();
            await using var records = RecordsAsync(selected, notes, cancellationToken).GetAsyncEnumerator(cancellationToken);

            // A failure before the first record still has a status of its own.
            var hasRecord = await records.MoveNextAsync();
            await SendAsync(selected, hasRecord, records, notes, http, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task SendAsync(
        ConversationsSelection selected, bool hasRecord, IAsyncEnumerator<ConversationRecord> records, DetailsNotes notes, HttpContext http, CancellationToken cancellationToken)
    {
        var format = selected.Query.Format;
        ResponseHeaders.Begin(http.Response, "X-Data-As-Of, X-Data-Complete, X-Row-Count");
        var encoding = format.IsCompressed ? null : ContentCoding.Best(http.Request.Headers.AcceptEncoding, int.MaxValue);
        ResponseSender.Describe(http.Response, format, encoding, "conversations");
        var rows = 0L;
        try
        {
            await http.Response.StartAsync(cancellationToken);
            await using (var encoder = encoding is null ? null : ContentCoding.Encoder(encoding, http.Response.Body))
            {
                await _writers[format].WriteAsync(encoder ?? http.Response.Body, Counted(), Meta, selected.Query.Shared.ByteOrderMark, cancellationToken);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.BrokenOff(logger, rows, failure is GenesysException { Failure.Kind: var kind } ? kind.ToWireName() : failure.GetType().Name);
            http.Abort();
            return;
        }

        WriteTrailers(http, Meta(), rows);

        ConversationsMeta Meta() => metas.Of(notes, selected.Visible, selected.Query.To);

        async IAsyncEnumerable<ConversationRecord> Counted()
        {
            for (var has = hasRecord; has; has = await records.MoveNextAsync())
            {
                rows++;
                yield return records.Current;
            }
        }
    }

    private async IAsyncEnumerable<ConversationRecord> RecordsAsync(ConversationsSelection selected, DetailsNotes notes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (selected.IsEmpty)
        {
            yield break;
        }

        var left = selected.Query.Limit ?? int.MaxValue;
        // Few conversations have several records, so twice the limit is enough for most. A limit above the setting reads pieces of the usual size.
        var maxPerPiece = selected.Query.Limit is { } limit && limit < options.Value.MaxConversationsPerPiece ? limit * 2 : (int?)null;
        await foreach (var conversation in reader.ReadAsync(selected.Details(selected.Query.From, selected.Query.To, maxPerPiece), notes, cancellationToken))
        {
            foreach (var record in selected.RecordsOf(conversation))
            {
                yield return record;
                if (--left == 0)
                {
                    yield break;
                }
            }
        }
    }

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
