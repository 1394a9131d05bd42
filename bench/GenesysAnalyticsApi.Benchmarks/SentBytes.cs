namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>An answer as it went over the wire once: its bytes and the headers that the service, not the server, wrote.</summary>
internal sealed record SentBytes(byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private static readonly string[] OfTheServer = ["Date", "Server", "Transfer-Encoding", "Connection", "Content-Length"];

    /// <summary>Of a body, and the headers beside it (<c>curl -o answer -D answer.headers</c>).</summary>
    public static SentBytes Load(string file) => Of(
        File.ReadAllBytes(file),
        File.ReadLines(file + ".headers")
            .Select(line => line.Split(": ", 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim())));

    public static SentBytes Of(byte[] body, IEnumerable<KeyValuePair<string, string>> headers) =>
        new(body, [.. headers.Where(header => !OfTheServer.Contains(header.Key, StringComparer.OrdinalIgnoreCase))]);
}
