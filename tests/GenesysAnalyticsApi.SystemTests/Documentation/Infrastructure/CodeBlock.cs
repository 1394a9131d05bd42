using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Documentation.Infrastructure;

/// <summary>A fenced code block of a page.</summary>
internal sealed partial record CodeBlock(string Language, string Code)
{
    public static IReadOnlyList<CodeBlock> Of(string page) =>
        [.. Fence().Matches(Repository.Read(page)).Select(block => new CodeBlock(block.Groups["language"].Value, block.Groups["code"].Value))];

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
