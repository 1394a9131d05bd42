using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Reports which Genesys Cloud region and which OAuth client the service uses, and which settings are invalid.</summary>
internal sealed class ConfigurationCheck(IOptions<GenesysOptions> options)
    : DiagnosticCheck(DiagnosticNames.Configuration, "Reading the settings", 5)
{
    public override Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken) => Task.FromResult(Check(context));

    /// <param name="faults">One message for each invalid setting. The message names the setting and what is accepted.</param>
    public static CheckOutcome Invalid(IReadOnlyList<string> faults) => CheckOutcome.Failed(
        $"{(faults.Count == 1 ? "A setting is" : $"{faults.Count} settings are")} invalid, so the service does not start.",
        string.Join('\n', [.. faults, "docs/configuration.md explains every setting."]));

    private CheckOutcome Check(DiagnosticContext context)
    {
        if (context.Faults.Count > 0)
        {
            // Invalid Genesys or cache settings prevent all checks (DoctorCommand), so these faults concern other settings.
            return Invalid(context.Faults) with { BlocksDependents = false };
        }

        var genesys = options.Value;
        var (api, login) = (GenesysRegions.ApiBaseUrlOf(genesys), GenesysRegions.LoginBaseUrlOf(genesys));
        return OutcomeOf(genesys, api, login) with
        {
            Details = new Dictionary<string, string>
            {
                ["mode"] = $"{genesys.Mode}",
                ["region"] = genesys.Region ?? "",
                ["api"] = HostOf(api),
                ["login"] = HostOf(login),
                ["clientId"] = PrefixOf(genesys.ClientId),
                ["client"] = $"{genesys.Client}",
            },
        };
    }

    private static CheckOutcome OutcomeOf(GenesysOptions genesys, Uri api, Uri login)
    {
        if (genesys.Mode == GenesysMode.Simulator)
        {
            return CheckOutcome.Warning(
                "The service uses the built-in simulator instead of Genesys Cloud: all figures are simulated.",
                "For your own organization, set Genesys:Region, Genesys:ClientId and Genesys:ClientSecret (docs/configuration.md).");
        }

        var target = $"Requests go to {HostOf(api)} with the client '{PrefixOf(genesys.ClientId)}'{RegionOf(genesys)}.";
        return new[] { api, login }.FirstOrDefault(url => url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) is { } unencrypted
            ? CheckOutcome.Warning($"{target} Traffic to {HostOf(unencrypted)} is not encrypted, because its address is not https.", "Set an https address in Genesys:ApiBaseUrl and Genesys:LoginBaseUrl.")
            : CheckOutcome.Ok(target);
    }

    private static string RegionOf(GenesysOptions genesys) => GenesysRegions.Resolve(genesys.Region).Region switch
    {
        null => "",
        { } region when region.Name == region.Domain => $", in a region that this release does not list ({region.Domain})",
        { } region => $", in region {region.Name}",
    };

    /// <summary>Returns the host and any non-default port, without the user and password that can precede the host.</summary>
    internal static string HostOf(Uri url) => url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";

    // Four characters are enough to distinguish clients.
    private static string PrefixOf(string? clientId) => clientId is { Length: > 4 } ? $"{clientId[..4]}…" : clientId ?? "";
}
