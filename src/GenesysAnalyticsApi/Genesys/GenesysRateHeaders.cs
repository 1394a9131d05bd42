using System.Globalization;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>The <c>inin-ratelimit-*</c> headers. Hints: recent answers can lack them.</summary>
/// <param name="Count">Requests counted in Genesys' window.</param>
/// <param name="Allowed">Genesys' limit for that window.</param>
/// <param name="Reset">Until the window begins anew.</param>
internal readonly record struct GenesysRateHeaders(int? Count, int? Allowed, TimeSpan? Reset)
{
    public static GenesysRateHeaders Of(HttpResponseMessage response) => new(
        NumberIn(response, "inin-ratelimit-count"),
        NumberIn(response, "inin-ratelimit-allowed"),
        NumberIn(response, "inin-ratelimit-reset") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static int? NumberIn(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
