using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// Reads the limits of the organization. Every OAuth client may read them without a permission. The documentation has the default of every limit in one
/// reply, and the list of a namespace has the values of this organization. The requests are the same for the HTTP client and the official SDK.
/// </summary>
internal sealed class OrganizationLimits(GenesysApiClient api)
{
    private const string Root = "/api/v2/organizations/limits/";

    /// <summary>About a hundred namespaces with a dozen limits each take less than 1 MiB.</summary>
    private static readonly ReplyLimit MaxDocumentation = new(8 * 1024 * 1024, "The documentation of the limits");

    /// <summary>
    /// Reads the documentation, and those namespaces that may have a limit that this service respects. Anything unreadable is absent from the result and does
    /// not affect the rest.
    /// </summary>
    public async Task<LimitsReply> ReadAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        var readingDocumentation = AttemptAsync("docs", LimitReplyReader.ReadDocumentationAsync, origin, MaxDocumentation, cancellationToken);
        var readingPlatform = ReadNamespaceAsync(LimitDefinition.Platform, origin, cancellationToken);
        var (documentation, platform) = (await readingDocumentation, await readingPlatform);

        var namespaces = await Task.WhenAll(LimitDefinition.Namespaces.Where(name => name != LimitDefinition.Platform)
            .Select(name => MayHaveLimits(name, documentation.Value) ? ReadNamespaceAsync(name, origin, cancellationToken) : Task.FromResult(Skipped(name))));
        (string Name, Attempt<ImmutableDictionary<string, int?>> Attempt)[] all = [platform, .. namespaces];
        return new LimitsReply(
            documentation.Value,
            all.Where(one => one.Attempt.Value is not null).ToImmutableDictionary(one => one.Name, one => one.Attempt.Value!, StringComparer.Ordinal),
            [.. all.Select(one => one.Attempt.Failure).Prepend(documentation.Failure).OfType<GenesysFailure>()],
            documentation.Calls + all.Sum(one => one.Attempt.Calls));
    }

    /// <summary>Skips a namespace whose documentation shows that it has no limit that this service respects.</summary>
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
        catch (GenesysException failed)
        {
            return new(null, failed.Failure, failed.Calls);
        }
    }

    private sealed record Attempt<T>(T? Value, GenesysFailure? Failure, int Calls);
}

/// <param name="Documentation">By namespace, see <see cref="LimitReplyReader"/>; null if it could not be read.</param>
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
    /// The first failure after which another attempt could read more; null if there is none. An organization need not have every namespace, so a namespace that
    /// does not exist (404) is not a failure.
    /// </summary>
    public GenesysFailure? Failure => Failures.FirstOrDefault(failure => failure is not { Kind: GenesysFailureKind.Rejected, Status: 404 });
}
