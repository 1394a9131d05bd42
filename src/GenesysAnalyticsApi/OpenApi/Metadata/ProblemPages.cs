using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GenesysAnalyticsApi.OpenApi.Metadata;

/// <summary>Serves the pages of problem types from <c>docs/problems/*.md</c>, which are embedded in the assembly.</summary>
internal static partial class ProblemPages
{
    private const string ResourceFolder = "problems/";

    public static void MapProblemPages(this IEndpointRouteBuilder app) =>
        app.MapGet(ProblemWriter.PagePath + "/{name}", GetPage)
            .WithName("GetProblem")
            .WithSummary("Explains a problem type")
            .WithDescription("The page of a problem type: what it means, and what the caller and the operator can do.")
            .WithTags("Problems")
            .WithParameters(new Dictionary<string, ParameterMetadata> { ["name"] = new(ProblemType.InvalidRequest.Name) { Values = [.. ProblemType.All.Select(type => type.Name)] } })
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/markdown"]) { Description = "The page, in Markdown." })
            .WithProblems(ProblemType.NotFound);

    /// <summary>Returns the example bodies with this status from the page of the type.</summary>
    public static IEnumerable<JsonNode> Examples(ProblemType type, int status) =>
        Example().Matches(Read(type.Name))
            .Select(example => JsonNode.Parse(example.Groups["body"].Value)!)
            .Where(body => body["status"]!.GetValue<int>() == status);

    /// <param name="name">The last part of the path in the 'type' member of a problem.</param>
    private static ContentHttpResult GetPage(string name) =>
        ProblemType.All.Any(type => type.Name == name)
            ? TypedResults.Text(Read(name), "text/markdown", Encoding.UTF8)
            : throw new ProblemException(ProblemType.NotFound.WithDetail($"No problem type has the name '{InputExcerpt.Of(name)}'. Use the path in the 'type' member of a problem."));

    private static string Read(string name)
    {
        using var page = typeof(ProblemPages).Assembly.GetManifestResourceStream($"{ResourceFolder}{name}.md")
            ?? throw new InvalidOperationException($"docs/problems/{name}.md is missing.");
        using var text = new StreamReader(page);
        return text.ReadToEnd();
    }

#pragma warning disable MA0009 // The pages are part of this assembly. A non-backtracking pattern would be built at run time and slow down startup.
    [GeneratedRegex("```json\n(?<body>.+?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
#pragma warning restore MA0009
}
