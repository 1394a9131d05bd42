using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Directories;

/// <summary>The users of the organization, including inactive ones. The names of users are personal data, so no log event contains them.</summary>
internal sealed class UserDirectory(
    IGenesysGateway gateway,
    [FromKeyedServices(UserDirectory.Listing)] ISharedDirectory<NamedEntry> shared,
    IOptions<GenesysOptions> options,
    TimeProvider clock,
    ILogger<UserDirectory> logger) : NameDirectory("user", shared, options, clock, logger)
{
    public const string Listing = "users";

    /// <summary>How long the name of a user is kept after Genesys last listed the user, even if it listed the user as deleted.</summary>
    public static readonly Duration Retention = Duration.FromDays(30);

    protected override Task<ListPage<GenesysName>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        gateway.ListUsersAsync(pageNumber, origin, cancellationToken);

    protected override bool Keeps(NamedEntry unlisted, Instant readAt) => unlisted.LastSeen > readAt - Retention;
}
