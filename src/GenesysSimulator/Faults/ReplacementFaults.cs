using System.Globalization;
using System.Text.Json.Nodes;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Faults that replace the regular reply.</summary>
internal static class ReplacementFaults
{
    /// <returns>Null if the fault does not replace this reply.</returns>
    public static Reply? ReplyOf(SimulatorFault fault, string path, ReadOnlyMemory<byte> body, SimulatorSettings settings, DateTimeOffset now, string id) =>
        fault.Name switch
        {
            FaultNames.RateLimitSeconds => RateLimited(fault.Number(1), settings, id)
                .With("Retry-After", fault.Number(1).ToString(CultureInfo.InvariantCulture)),
            FaultNames.RateLimitDate => RateLimited(fault.Number(1), settings, id)
                .With("Retry-After", now.AddSeconds(fault.Number(1)).ToString("R", CultureInfo.InvariantCulture)),
            FaultNames.RateLimitHours => RateLimited(fault.Number(3600), settings, id)
                .With("Retry-After", fault.Number(3600).ToString(CultureInfo.InvariantCulture)),
            FaultNames.RateLimitBare => RateLimited(1, settings, id),
            FaultNames.RevokedToken => Reply.OfError(401, "bad.credentials", "Invalid login credentials.", id),
            FaultNames.MissingPermission => Reply.OfError(
                403,
                "missing.any.permissions",
                $"Unable to perform the requested action. You must have at least one of the following permissions assigned: [{fault.Value ?? FaultMatcher.PermissionFor(path)}]",
                id),
            FaultNames.ServerError => Reply.OfError(
                500, "internal.server.error", "The server encountered an unexpected condition which prevented it from fulfilling the request.", id),
            FaultNames.BadGatewayHtml => Reply.Html(502, "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"),
            FaultNames.BadGatewayAfter when PageOf(body) > fault.Number(3) => Reply.Html(502, "<html><body>502 Bad Gateway</body></html>"),
            FaultNames.Unavailable => Unavailable(id),
            FaultNames.UnavailableAfter => Unavailable(id).With("Retry-After", fault.Number(1).ToString(CultureInfo.InvariantCulture)),
            FaultNames.GatewayTimeout => Reply.OfError(504, "request.timeout", "The request timed out.", id),
            FaultNames.Redirect => Reply.Empty(302).With("Location", fault.Value ?? "http://elsewhere.invalid/api/v2"),
            FaultNames.TooLarge => Reply.OfError(ApiException.ResultTooLarge(settings.RowLimit), id),
            FaultNames.TooLargeAt when Contains(MemberOf(body, "interval")?.ToString(), fault.Value) => Reply.OfError(ApiException.ResultTooLarge(settings.RowLimit), id),
            FaultNames.ResultsNotReady when fault.Number(202) == 202 => Reply.OfJson("{}", 202),
            FaultNames.ResultsNotReady => Reply.OfError(fault.Number(202), "bad.request", "The job has no results (yet).", id),
            FaultNames.RefusedViews when MemberOf(body, "views") is JsonArray { Count: > 0 } => Reply.OfError(
                400, "invalid.property", "Value [views] is not a valid property for object [ConversationAggregationQuery]", id),
            FaultNames.RefusedMetric when MemberOf(body, "metrics") is JsonArray metrics && metrics.Any(name => name?.ToString() == fault.Value) => Reply.OfError(
                400, "invalid.value", $"Value [{fault.Value}] is not valid for field type [metrics]", id),
            FaultNames.TokenThrottled => TokenEndpoint.Error(
                400, "invalid_request", "rate limit exceeded; too many token requests for this client"),
            FaultNames.TokenError => TokenEndpoint.Error(fault.Number(503), "server_error", "The token service is not available"),
            _ => null,
        };

    private static Reply RateLimited(int seconds, SimulatorSettings settings, string id) =>
        Reply.TooManyRequests(seconds, settings.RequestsPerMinute, id);

    private static Reply Unavailable(string id) => Reply.OfError(
        503,
        "service.unavailable",
        "Service Unavailable - the server is currently unavailable (overloaded or down for maintenance).",
        id);

    private static int PageOf(ReadOnlyMemory<byte> body) =>
        MemberOf(body, "paging") is JsonObject paging && paging["pageNumber"] is JsonValue page && page.TryGetValue<int>(out var number) ? number : 1;

    /// <summary>Whether an interval contains the instant.</summary>
    private static bool Contains(string? interval, string? instant) =>
        interval?.Split('/') is [var from, var to] && TryRead(instant, out var at) && TryRead(from, out var start) && TryRead(to, out var end) && start <= at && at < end;

    private static bool TryRead(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    // The body has not been validated yet, so it might not be JSON.
    private static JsonNode? MemberOf(ReadOnlyMemory<byte> body, string name)
    {
        try
        {
            return JsonNode.Parse(body.Span) is JsonObject query ? query[name] : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
