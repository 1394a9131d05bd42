using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Settings of the endpoint for assistants.</summary>
internal sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>Serves <c>/mcp</c>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The maximum number of rows in one tool result. A result states how many rows it left out.</summary>
    [Range(1, 1_000)]
    public int MaxRows { get; set; } = 50;
}
