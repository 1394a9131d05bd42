using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Conversations.Request;

/// <summary>
/// The position of the next page: a conversation or a time, not an offset, so that new conversations cause neither duplicates nor gaps on later pages. The
/// cursor contains the interval of the first page, because <c>last</c> and <c>period</c> depend on the current time. Callers need not understand it.
/// </summary>
/// <param name="Filter">A hash of the parameters that affect the records and their order.</param>
/// <param name="Start">The start of the conversation at which the next page begins, or the time at which it begins.</param>
/// <param name="Records">The number of records of that conversation that earlier pages contained.</param>
internal sealed record ConversationCursor(ulong Filter, Instant From, Instant To, Instant Start, int Records, string ConversationId)
{
    /// <summary>The end of the year 9999, in Unix milliseconds. Later instants cannot be printed.</summary>
    private const long LatestMs = 253_402_300_799_999;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The hash of all parameters that affect the records and their order.</summary>
    public static ulong FilterOf(ConversationsParameters parameters)
    {
        var shared = parameters.Shared;
        string?[] values =
        [
            shared.From, shared.To, shared.Interval, shared.Last, shared.Period, shared.TimeZone, parameters.Match, parameters.Order, shared.Direction, parameters.MinHandleTimeMs,
            parameters.MinWaitTimeMs, List(shared.QueueId), string.Concat((shared.Queue ?? []).Select(Sized)), List(shared.DivisionId), List(shared.MediaType), List(shared.UserId), List(shared.WrapUpCode),
            List(parameters.DisconnectType), List(parameters.Outcome),
        ];

        // The text includes the length of each value, so that different values never give the same text.
        return PageCursor.HashOf(string.Concat(values.Select(Sized)));

        static string Sized(string? value) => string.Create(CultureInfo.InvariantCulture, $"{value?.Length ?? -1}:{value}");

        static string List(string[]? items) => string.Join(',', ParameterRules.Items(items));
    }

    /// <summary>Says why a cursor cannot be used; null if it can be used.</summary>
    public static string? ErrorOf(string text, ConversationsParameters parameters, ResponseFormat format, Instant now) =>
        format != ResponseFormat.Json ? $"'cursor' cannot be combined with 'format' {format.Name}, because such a response contains all records. Omit cursor, or use json."
        : !TryRead(text, out var cursor) || cursor.From < QueryInterval.Earliest || cursor.To > now + Duration.FromMinutes(1) ? $"'{InputExcerpt.Of(text)}' is not a cursor. Pass nextCursor of the previous page unchanged."
        : cursor.Filter != FilterOf(parameters) ? $"'{InputExcerpt.Of(text)}' belongs to a query with other parameters. Pass a cursor with the parameters of the query that returned it; only limit may differ."
        : null;

    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Filter:x16} {From.ToUnixTimeMilliseconds()} {To.ToUnixTimeMilliseconds()} {Start.ToUnixTimeMilliseconds()} {Records} {ConversationId}")));

    public static bool TryRead(string text, [NotNullWhen(true)] out ConversationCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Strict.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 6);
            if (parts is [{ Length: 16 } filter, var from, var to, var start, var records, { Length: > 0 } id]
                && ulong.TryParse(filter, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
                && TimeOf(from) is { } first && TimeOf(to) is { } end && TimeOf(start) is { } at && first < end
                && int.TryParse(records, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                cursor = new(hash, first, end, at, count, id);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or DecoderFallbackException)
        {
            // Callers can send any text. A text that this service did not write is not a valid cursor.
        }

        return cursor is not null;
    }

    private static Instant? TimeOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= LatestMs
            ? Instant.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
