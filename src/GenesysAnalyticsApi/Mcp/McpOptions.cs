using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Controls the endpoint for assistants.</summary>
internal sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>Whether the service serves <c>/mcp</c>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The maximum number of rows in one tool result. A result that omits rows says so, and how to get them.</summary>
    [Range(1, 1_000)]
    public int MaxRows { get; set; } = 50;
}
