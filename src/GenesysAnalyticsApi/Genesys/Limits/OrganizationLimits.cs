using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// Reads the limits of the organization. Every OAuth client can read them without a permission. The documentation contains the default of every limit in one
/// reply, and the list of a namespace contains the values of this organization. The requests are the same for the HTTP client and the official SDK.
/// </summary>
internal sealed class OrganizationLimits(GenesysApiClient api)
{
    private const string Root = "/api/v2/organizations/limits/";

    /// <summary>About a hundred namespaces with a dozen limits each take less than 1 MiB.</summary>
    private static readonly ReplyLimit MaxDocumentation = new(8 * 1024 * 1024, "The documentation of the limits");

    /// <summary>
    /// Reads the documentation, and the namespaces that could contain a limit that this service respects. Anything unreadable is absent from the result, and
    /// does not affect the other parts of the result.
    /// </summary>
    public async Task<LimitsReply> ReadAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        var readingDocumentation = AttemptAsync("docs", LimitReplyReader.ReadDocumentationAsync, origin, MaxDocumentation, cancellationToken);
        var readingPlatform = ReadNamespaceAsync(LimitDefinition.Platform, origin, cancellationToken);
        var (documentation, platform) = (await readingDocumentation, await readingPlatform);

        var namespaces = await Task.WhenAll(LimitDefinition.Namespaces.Where(name => name != LimitDefinition.Platform)
            .Select(name => MayHaveLimits(name, documentation.Value) ? ReadNamespaceAsync(name, origin, cancellationToken) : Task.FromResult(Skipped(name))));
        (string Name, Attempt<ImmutableDictionary<string, int?>> Attempt)[] results = [platform, .. namespaces];
        return new LimitsReply(
            documentation.Value,
            results
                .Where(result => result.Attempt.Value is not null)
                .ToImmutableDictionary(result => result.Name, result => result.Attempt.Value!, StringComparer.Ordinal),
            [.. results.Select(result => result.Attempt.Failure).Prepend(documentation.Failure).OfType<GenesysFailure>()],
            documentation.Calls + results.Sum(result => result.Attempt.Calls));
    }

    /// <summary>The empty result for a namespace that is not read, because the documentation shows that this service respects none of its limits.</summary>
    private static (string Name, Attempt<ImmutableDictionary<string, int?>> Attempt) Skipped(string name) => (name, new(ImmutableDictionary<string, int?>.Empty, null, 0));

    private static bool MayHaveLimits(string name, ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>? documentation) =>
        documentation is null
        || !documentation.TryGetValue(name, out var documented)
        || LimitDefinition.All.Any(definition => definition.Namespace == name
            && documented.Any(limit => definition.MatchesKey(limit.Key, limit.Description) || definition.MatchesDescription(limit.Key, limit.Description)));

    private async Task<(string Name, Attempt<ImmutableDictionary<string, int?>> Attempt)> ReadNamespaceAsync(string name, RequestOrigin origin, CancellationToken cancellationToken) =>
        (name, await AttemptAsync($"namespaces/{name}", (body, token) => LimitReplyReader.ReadNamespaceAsync(body, name, token), origin, ReplyLimit.Small, cancellationToken));

    private async Task<Attempt<T>> AttemptAsync<T>(
        string path, Func<Stream, CancellationToken, Task<T>> read, RequestOrigin origin, ReplyLimit limit, CancellationToken cancellationToken)
        where T : class
    {
        T? value = null;
        var call = api.CreateCall(origin, permission: null, async (body, token) => value = await read(body, token), limit);
        try
        {
            await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, $"{Root}{path}"), cancellationToken);
            return new(value, null, call.Attempts);
        }
        catch (GenesysException exception)
        {
            return new(null, exception.Failure, exception.Calls);
        }
    }

    private sealed record Attempt<T>(T? Value, GenesysFailure? Failure, int Calls);
}

/// <param name="Documentation">The documented limits by namespace (see <see cref="LimitReplyReader"/>); null if they could not be read.</param>
/// <param name="Namespaces">The values of the organization, by namespace and key. A namespace is absent if it could not be read.</param>
/// <param name="Failures">Why the documentation, or a namespace, could not be read.</param>
/// <param name="Calls">Attempts sent to Genesys.</param>
internal sealed record LimitsReply(
    ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>? Documentation,
    ImmutableDictionary<string, ImmutableDictionary<string, int?>> Namespaces,
    ImmutableArray<GenesysFailure> Failures,
    int Calls)
{
    /// <summary>Whether nothing was read.</summary>
    public bool IsEmpty => Documentation is null && Namespaces.IsEmpty;

    /// <summary>
    /// The first failure after which another attempt could read more; null if there is no such failure. A namespace that does not exist (404) does not count,
    /// because an organization does not necessarily have every namespace.
    /// </summary>
    public GenesysFailure? Failure => Failures.FirstOrDefault(failure => failure is not { Kind: GenesysFailureKind.Rejected, Status: 404 });
}
