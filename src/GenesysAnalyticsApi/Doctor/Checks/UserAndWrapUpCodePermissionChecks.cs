using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether the OAuth client of this service may list users or wrap-up codes, by requesting the first page of the list. A failure is only a warning,
/// because the figures are complete without names.
/// </summary>
/// <param name="what">The plural noun for the entries of the list, such as 'users'.</param>
/// <param name="withoutIt">A clause that states the effect of the missing permission.</param>
internal abstract class ListPermissionCheck(string name, string what, string permission, string withoutIt)
    : DiagnosticCheck(name, $"The request for the list of {what}", 8, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        await context.SendAsync(() => ListAsync(cancellationToken), page => page.Calls);
        return CheckOutcome.Ok($"Genesys lists {what}: '{permission}' is granted.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure)
    {
        var outcome = GenesysRemedies.Of(failure, $"Listing {what}", permission) with { Condition = CheckStatus.Warning, BlocksDependents = false };
        return failure is { Kind: GenesysFailureKind.Forbidden, IsHtmlPage: false } ? outcome with { Text = $"{outcome.Text} Without this permission, {withoutIt}." } : outcome;
    }

    protected abstract Task<ListPage<GenesysName>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>See <see cref="ListPermissionCheck"/>.</summary>
internal sealed class UsersPermissionCheck(IGenesysGateway gateway)
    : ListPermissionCheck(DiagnosticNames.UsersPermission, "users", GenesysPermissions.Users, "records have user ids only")
{
    protected override Task<ListPage<GenesysName>> ListAsync(CancellationToken cancellationToken) =>
        gateway.ListUsersAsync(1, DiagnosticContext.Origin, cancellationToken);
}

/// <summary>See <see cref="ListPermissionCheck"/>.</summary>
internal sealed class WrapUpCodesPermissionCheck(IGenesysGateway gateway)
    : ListPermissionCheck(DiagnosticNames.WrapUpCodesPermission, "wrap-up codes", GenesysPermissions.WrapUpCodes, "records have ids of wrap-up codes only")
{
    protected override Task<ListPage<GenesysName>> ListAsync(CancellationToken cancellationToken) =>
        gateway.ListWrapUpCodesAsync(1, DiagnosticContext.Origin, cancellationToken);
}
