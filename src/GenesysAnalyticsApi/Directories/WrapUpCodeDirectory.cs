using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Directories;

/// <summary>The wrap-up codes of the organization.</summary>
internal sealed class WrapUpCodeDirectory(
    IGenesysGateway gateway,
    [FromKeyedServices(WrapUpCodeDirectory.Listing)] ISharedDirectory<NamedEntry> shared,
    IOptions<GenesysOptions> options,
    TimeProvider clock,
    ILogger<WrapUpCodeDirectory> logger) : NameDirectory("wrap-up code", shared, options, clock, logger)
{
    public const string Listing = "wrapup-codes";

    protected override Task<ListPage<GenesysName>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        gateway.ListWrapUpCodesAsync(pageNumber, origin, cancellationToken);
}
