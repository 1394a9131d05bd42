using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Reports which Genesys Cloud and which OAuth client the service uses.</summary>
internal sealed class ConfigurationCheck(IOptions<GenesysOptions> options) : IDiagnosticCheck
{
    public string Name => DiagnosticNames.Configuration;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "Reading the settings";

    public Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken) => Task.FromResult(Examine(visit));

    /// <summary>Reports the invalid settings. Each fault states the remedy.</summary>
    public static CheckOutcome Wrong(IReadOnlyList<string> faults) => CheckOutcome.Failed(
        $"{(faults.Count == 1 ? "A setting is" : $"{faults.Count} settings are")} wrong, and the service does not start.",
        string.Join('\n', [.. faults, "Every setting is explained in docs/configuration.md."]));

    private CheckOutcome Examine(DiagnosticContext visit)
    {
        if (visit.Faults.Count > 0)
        {
            // A fault in the Genesys settings prevents all checks, so these faults concern other settings and the other checks can run.
            return Wrong(visit.Faults) with { StopsOthers = false };
        }

        var genesys = options.Value;
        var (api, login) = (GenesysRegions.ApiBaseUrlOf(genesys), GenesysRegions.LoginBaseUrlOf(genesys));
        return Judged(genesys, api, login) with
        {
            Details = new Dictionary<string, string>
            {
                ["mode"] = $"{genesys.Mode}",
                ["region"] = genesys.Region ?? "",
                ["api"] = HostOf(api),
                ["login"] = HostOf(login),
                ["clientId"] = Beginning(genesys.ClientId),
                ["client"] = $"{genesys.Client}",
            },
        };
    }

    private static CheckOutcome Judged(GenesysOptions genesys, Uri api, Uri login)
    {
        if (genesys.Mode == GenesysMode.Simulator)
        {
            return CheckOutcome.Warning(
                "The built-in simulator is asked, not a Genesys Cloud: every figure is made up.",
                "For an organisation of your own, give Genesys:Region, Genesys:ClientId and Genesys:ClientSecret (docs/configuration.md).");
        }

        var asked = $"{HostOf(api)} is asked as the client '{Beginning(genesys.ClientId)}'{RegionOf(genesys)}.";
        return new[] { api, login }.FirstOrDefault(url => url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) is { } open
            ? CheckOutcome.Warning($"{asked} What goes to {HostOf(open)} can be read on the way: it is not https.", "Give an https address in Genesys:ApiBaseUrl and Genesys:LoginBaseUrl.")
            : CheckOutcome.Ok(asked);
    }

    private static string RegionOf(GenesysOptions genesys) => GenesysRegions.Resolve(genesys.Region).Region switch
    {
        null => "",
        { } region when region.Name == region.Domain => $", in a region that is not in the list of this release ({region.Domain})",
        { } region => $", in region {region.Name}",
    };

    /// <summary>The host without the user and password that can precede it.</summary>
    internal static string HostOf(Uri url) => url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";

    // Enough to distinguish the OAuth clients of an organisation.
    private static string Beginning(string? clientId) => clientId is { Length: > 4 } ? $"{clientId[..4]}…" : clientId ?? "";
}
