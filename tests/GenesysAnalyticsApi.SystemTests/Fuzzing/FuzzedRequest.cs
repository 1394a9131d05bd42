using System.Text;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>A request as it is sent; no part of it has to be valid.</summary>
/// <param name="Target">Path and query, escaped as the caller escaped them.</param>
/// <param name="Body">One character per byte.</param>
internal sealed record FuzzedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string Path => Target.Split('?', 2)[0];

    /// <summary>With its question mark; empty without a query.</summary>
    public string Query => Target.Contains('?', StringComparison.Ordinal) ? "?" + Target.Split('?', 2)[1] : "";

    public bool IsQueryInBody => Method == "POST" && Path.TrimEnd('/').Equals("/aggregates/query", StringComparison.OrdinalIgnoreCase);

    public byte[] BodyBytes => Encoding.Latin1.GetBytes(Body);

    public string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>A shell command, so that a failing case can be repeated against a running service.</summary>
    public override string ToString() => string.Join(' ',
    [
        "curl -sv -X", Quoted(Method),
        .. Headers.Select(header => "-H " + Quoted($"{header.Name}: {header.Value}")),
        Body.Length == 0 ? "" : "--data-binary " + Quoted(Body.Length > 2000 ? Body[..2000] + $"…({Body.Length} bytes)" : Body),
        "--path-as-is", Quoted("http://localhost:5080" + Target),
    ]);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("$'");
        foreach (var letter in text)
        {
            _ = letter is '\'' or '\\' ? quoted.Append('\\').Append(letter)
                : letter is < ' ' or >= (char)127 ? quoted.Append($"\\u{(int)letter:x4}")
                : quoted.Append(letter);
        }

        return quoted.Append('\'').ToString();
    }
}
