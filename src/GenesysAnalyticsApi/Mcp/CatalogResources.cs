using System.ComponentModel;
using System.Text.Json;
using GenesysAnalyticsApi.Catalog;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>The definitions of all figures, for a client that loads them once.</summary>
[McpServerResourceType]
internal sealed class CatalogResources
{
    [McpServerResource(UriTemplate = "catalog://figures", Name = "figures", Title = "All figures and metrics", MimeType = "application/json")]
    [Description("Definition, unit, formula and merge rule of every figure and every Genesys metric, as GET /catalog returns them.")]
    public static string Figures() => JsonSerializer.Serialize(MetricDictionary.All, ReadableCatalogJson.Answer);
}
