using System.ComponentModel;
using System.Text.Json;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Formats;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Explains what a figure means and how the service computes it, so that a model does not explain the figure from memory.</summary>
[McpServerToolType]
internal sealed class ExplainFigureTool(ArgumentFaults faults)
{
    /// <summary>The resource that lists all figures, for messages.</summary>
    public const string Catalog = "the resource " + CatalogResources.FiguresUri;

    private static readonly string[] Names = [.. CatalogEntries.All.Records.Select(entry => entry.Name)];

    private static readonly string[] LiveNames = [.. ObservationColumns.All.OfType<IntegerColumn<ObservationRecord>>().Select(column => column.Name)];

    [McpServerTool(Name = "explain_figure", Title = "Explain a figure", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Explains a figure or a Genesys metric: definition, unit, formula in Genesys metrics, when it is null, and how values of several rows are merged. Use this tool before you compare or combine figures.")]
    public ExplainedFigure Explain(
        [Description("The name of the figure (averageHandleTimeMs), a Genesys metric (tHandle), a title (average handle time) or an abbreviation (AHT).")] string figure)
    {
        var entries = CatalogEntries.All.Records;
        var found = entries.FirstOrDefault(entry => entry.Name.Equals(figure.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? entries.FirstOrDefault(entry => entry.Title.Equals(figure.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? entries.FirstOrDefault(entry => entry.Name == DidYouMean.To(figure, Names, FigureAbbreviations.All));
        var live = LiveNames.FirstOrDefault(name => name.Equals(found?.Name ?? figure.Trim(), StringComparison.OrdinalIgnoreCase));
        var note = live is null ? null : $"'{live}' is {(found is null ? "" : "also ")}a figure of the current state, in live_queues.";
        if (found is null)
        {
            faults.Add("figure", note ?? DidYouMean.Message(figure, "a figure", Names, FigureAbbreviations.All, Catalog));
        }

        faults.ThrowIfAny();
        return ExplainedFigure.Of(found!, note);
    }
}

/// <param name="Name"><inheritdoc cref="CatalogEntry.Name"/></param>
/// <param name="Title"><inheritdoc cref="CatalogEntry.Title"/></param>
/// <param name="Definition"><inheritdoc cref="CatalogEntry.Definition"/></param>
/// <param name="Unit"><inheritdoc cref="CatalogEntry.Unit"/></param>
/// <param name="Formula"><inheritdoc cref="CatalogEntry.Source"/></param>
/// <param name="Merge">
/// How values of several rows are merged. If this is ratio or none, the values must be neither added nor averaged: query the rows as one row instead.
/// </param>
/// <param name="NullWhen"><inheritdoc cref="CatalogEntry.NullWhen"/></param>
/// <param name="CountedWhen"><inheritdoc cref="CatalogEntry.PostedWhen"/></param>
/// <param name="Dimensions"><inheritdoc cref="CatalogEntry.Dimensions"/></param>
/// <param name="Note">Says that live_queues has a figure with the same name and another meaning; null if it has none.</param>
internal sealed record ExplainedFigure(
    string Name, string Title, string Definition, string Unit, string Formula, string Merge, string? NullWhen, string? CountedWhen, IReadOnlyList<string> Dimensions, string? Note)
{
    public static ExplainedFigure Of(CatalogEntry entry, string? note) => new(
        entry.Name, entry.Title, entry.Definition, entry.Unit.ToString().ToLowerInvariant(), entry.Source, entry.Merge.ToString().ToLowerInvariant(), entry.NullWhen, entry.PostedWhen, entry.Dimensions,
        note);
}

/// <summary>The definitions of all figures, for clients that load all definitions at once.</summary>
[McpServerResourceType]
internal sealed class CatalogResources
{
    public const string FiguresUri = "catalog://figures";

    [McpServerResource(UriTemplate = FiguresUri, Name = "figures", Title = "All figures and metrics", MimeType = "application/json")]
    [Description("Definition, unit, formula and merge rule of every figure of queue_figures and every Genesys metric, as GET /catalog returns them. The figures of the current state are in live_queues.")]
    public static string Figures() => JsonSerializer.Serialize(CatalogEntries.All, ReadableCatalogJson.Response);
}
