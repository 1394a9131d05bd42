using System.Text.Json;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Says in words how old, complete and final figures are, because a model reports a sentence more reliably than it interprets flags.</summary>
internal static class FigureReliability
{
    /// <param name="meta">The member <c>meta</c> of the response of GET /aggregates.</param>
    public static string Of(JsonElement meta)
    {
        var age = meta.TryGetProperty("asOf", out var asOf) && asOf.ValueKind == JsonValueKind.String ? $"Figures as of {asOf.GetString()}. " : "";
        var complete = meta.GetProperty("complete").GetBoolean() ? "Complete: every part of the interval was read. " : "Incomplete: some data is missing, so figures can be too low or null. ";
        var final = meta.GetProperty("final").GetBoolean() ? "Final: Genesys will no longer change these figures." : "Not final: Genesys can still change these figures, because conversations are open or recent.";
        var stale = meta.GetProperty("stale").GetBoolean() ? " Stale: newer figures could not be read." : "";
        return age + complete + final + stale;
    }
}
