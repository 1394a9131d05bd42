using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// The pages behind <c>type</c>: <c>docs/problems/*.md</c>, built into the assembly so that they are wherever the service is.
/// </summary>
internal static class ProblemPages
{
    private const string ResourceFolder = "problems/";

    public static void MapProblemPages(this IEndpointRouteBuilder app) =>
        app.MapGet(ProblemWriter.PagePath + "/{name}", GetPage)
            .WithName("GetProblem")
            .WithSummary("What a kind of problem means")
            .WithDescription("The page behind a problem's type: what it means, and what the caller and the operator can do.")
            .WithTags("Problems")
            .Produces<string>(StatusCodes.Status200OK, "text/markdown")
            .Answers(ProblemType.NotFound);

    /// <param name="name">The last part of a problem's type.</param>
    private static ContentHttpResult GetPage(string name) =>
        ProblemType.All.Any(type => type.Name == name)
            ? TypedResults.Text(Read(name), "text/markdown", Encoding.UTF8)
            : throw new ProblemException(ProblemType.NotFound.Because("There is no problem of that name."));

    private static string Read(string name)
    {
        using var page = typeof(ProblemPages).Assembly.GetManifestResourceStream($"{ResourceFolder}{name}.md")
            ?? throw new InvalidOperationException($"docs/problems/{name}.md is missing.");
        using var text = new StreamReader(page);
        return text.ReadToEnd();
    }
}
