using System.Net.Mime;
using GenesysAnalyticsApi.Errors;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>A format of a reconciliation, as <c>format</c> names it and as <c>Accept</c> requests it.</summary>
internal sealed record ReconciliationFormat(string Name, string MediaType)
{
    public static readonly ReconciliationFormat Json = new("json", MediaTypeNames.Application.Json);
    public static readonly ReconciliationFormat Csv = new("csv", MediaTypeNames.Text.Csv);
    public static readonly ReconciliationFormat Table = new("table", MediaTypeNames.Text.Plain);

    /// <summary>The formats of GET /reconciliation.</summary>
    public static readonly ReconciliationFormat[] OfConversations = [Json, Csv];

    /// <summary>The formats of the comparison with an export.</summary>
    public static readonly ReconciliationFormat[] OfExports = [Json, Table];

    /// <summary>The names that GET /reconciliation accepts.</summary>
    public static readonly string[] Names = [.. OfConversations.Select(format => format.Name)];

    /// <summary>The names that the comparison with an export accepts.</summary>
    public static readonly string[] ExportNames = [.. OfExports.Select(format => format.Name)];

    /// <summary>The format of the name, or else the one that the header prefers.</summary>
    /// <exception cref="ProblemException">406: the header excludes all formats.</exception>
    public static ReconciliationFormat Of(string? name, StringValues accept, ReconciliationFormat[] formats)
    {
        if (name is not null)
        {
            // An unknown name is an error of its own.
            return Array.Find(formats, format => format.Name == name) ?? Json;
        }

        if (AcceptHeader.Read(accept) is not { } ranges)
        {
            return Json;
        }

        var best = formats.Select(format => (Format: format, Match: ranges.MatchOf(format.MediaType))).Where(one => one.Match.Quality > 0).ToList();
        return best is [] ? throw AcceptHeader.NotAcceptable(accept, formats.Select(format => format.MediaType)) : best.MaxBy(one => (one.Match.Quality, one.Match.Specificity)).Format;
    }
}
