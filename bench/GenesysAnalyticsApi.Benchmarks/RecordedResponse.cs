namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>A response that the service sent: its body, and those headers that the service wrote rather than the web server.</summary>
internal sealed record RecordedResponse(byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private static readonly string[] WebServerHeaders = ["Date", "Server", "Transfer-Encoding", "Connection", "Content-Length"];

    /// <summary>Loads the two files that <c>curl -o response -D response.headers</c> writes.</summary>
    /// <param name="file">The file with the body.</param>
    public static RecordedResponse Load(string file) => Of(
        File.ReadAllBytes(file),
        File.ReadLines(file + ".headers")
            .Select(line => line.Split(": ", 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim())));

    public static RecordedResponse Of(byte[] body, IEnumerable<KeyValuePair<string, string>> headers) =>
        new(body, [.. headers.Where(header => !WebServerHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase))]);
}
