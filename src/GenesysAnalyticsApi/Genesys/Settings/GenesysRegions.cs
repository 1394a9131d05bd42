using System.Buffers;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Settings;

/// <summary>A Genesys Cloud region: either a known region, or any other domain.</summary>
/// <param name="Name">The name in messages: the AWS name, or the domain if the region is not known.</param>
internal sealed record GenesysRegion(string Name, string Domain)
{
    public Uri ApiBaseUrl => new($"https://api.{Domain}");

    public Uri LoginBaseUrl => new($"https://login.{Domain}");
}

/// <param name="Location">The location that hints show.</param>
/// <param name="Words">Other names for the location.</param>
internal sealed record RegionPlace(GenesysRegion Region, string Location, string[] Words);

/// <summary>The Genesys Cloud regions and the spellings that <c>Genesys:Region</c> accepts.</summary>
internal static class GenesysRegions
{
    /// <summary>The known regions with their AWS names and domains. The SDK uses the AWS names with underscores.</summary>
    internal static IReadOnlyList<RegionPlace> Places { get; } =
    [
        new(new("us-east-1", "mypurecloud.com"), "N. Virginia", ["virginia", "nvirginia"]),
        new(new("us-east-2", "use2.us-gov-pure.cloud"), "FedRAMP, US government", ["fedramp", "gov", "government", "usgov", "ohio"]),
        new(new("us-west-2", "usw2.pure.cloud"), "Oregon", ["oregon"]),
        new(new("ca-central-1", "cac1.pure.cloud"), "Canada", ["canada", "montreal"]),
        new(new("mx-central-1", "mxc1.pure.cloud"), "Mexico", ["mexico", "queretaro"]),
        new(new("sa-east-1", "sae1.pure.cloud"), "Sao Paulo", ["saopaulo", "paulo", "brazil", "brasil"]),
        new(new("eu-west-1", "mypurecloud.ie"), "Ireland", ["ireland", "irland", "dublin"]),
        new(new("eu-west-2", "euw2.pure.cloud"), "London", ["london", "uk", "england", "britain", "unitedkingdom"]),
        new(new("eu-central-1", "mypurecloud.de"), "Frankfurt", ["frankfurt", "germany", "deutschland"]),
        new(new("eu-central-2", "euc2.pure.cloud"), "Zurich", ["zurich", "zuerich", "switzerland", "schweiz"]),
        new(new("eusc-de-east-1", "edee1.eusc-pure.cloud"), "AWS European Sovereign Cloud", ["sovereign", "brandenburg"]),
        new(new("me-central-1", "mec1.pure.cloud"), "UAE", ["uae", "emirates", "dubai"]),
        new(new("ap-south-1", "aps1.pure.cloud"), "Mumbai", ["mumbai", "india"]),
        new(new("ap-southeast-1", "apse1.pure.cloud"), "Singapore", ["singapore"]),
        new(new("ap-southeast-2", "mypurecloud.com.au"), "Sydney", ["sydney", "australia"]),
        new(new("ap-northeast-1", "mypurecloud.jp"), "Tokyo", ["tokyo", "japan"]),
        new(new("ap-northeast-2", "apne2.pure.cloud"), "Seoul", ["seoul", "korea"]),
        new(new("ap-northeast-3", "apne3.pure.cloud"), "Osaka", ["osaka"]),
    ];

    public static IReadOnlyList<GenesysRegion> All { get; } = [.. Places.Select(place => place.Region)];

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <returns>A region, or an error message.</returns>
    public static (GenesysRegion? Region, string? Error) Resolve(string? region)
    {
        // A trailing period can come from a fully qualified domain name or from a sentence.
        var text = (region ?? "").Trim().TrimEnd('.').ToLowerInvariant();
        var name = text.Replace('_', '-');
        var domain = DomainIn(text);

        var known = All.FirstOrDefault(candidate => candidate.Name == name || candidate.Domain == domain);

        // Genesys adds regions more often than this list is updated, so any well-formed domain is accepted.
        var result = known ?? (IsDomain(domain) ? new GenesysRegion(domain, domain) : null);
        return (result, result is null ? ErrorFor(region) : null);
    }

    /// <summary>Finds the known region that an address belongs to. The address can contain any subdomain, port and path.</summary>
    public static GenesysRegion? InAddress(string address)
    {
        var text = address.Trim().ToLowerInvariant();
        var host = text[(text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..];
        host = host[(host.LastIndexOf('@') + 1)..];
        host = host[..(host.IndexOfAny(['/', '?', '#', ':']) is var end and >= 0 ? end : host.Length)].TrimEnd('.');
        return All.FirstOrDefault(candidate => host == candidate.Domain || host.EndsWith($".{candidate.Domain}", StringComparison.Ordinal));
    }

    /// <summary>
    /// Returns the API address from the settings. The API client calls this method for each Genesys request, because in demo mode, the port is known only after
    /// the service has started.
    /// </summary>
    public static Uri ApiBaseUrlOf(GenesysOptions options) => options.ApiBaseUrl ?? Configured(options).ApiBaseUrl;

    public static Uri LoginBaseUrlOf(GenesysOptions options) => options.LoginBaseUrl ?? Configured(options).LoginBaseUrl;

    private static GenesysRegion Configured(GenesysOptions options)
    {
        var (region, error) = Resolve(options.Region);
        return region ?? throw GenesysExceptionFactory.NoRegion(error!);
    }

    // Users sometimes paste the address of the Genesys UI.
    private static string DomainIn(string text)
    {
        var host = Without(Without(text, "https://"), "http://").TrimEnd('/');
        return Without(host, Array.Find(["api.", "login.", "apps."], service => host.StartsWith(service, StringComparison.Ordinal)) ?? "");

        static string Without(string whole, string prefix) => whole.StartsWith(prefix, StringComparison.Ordinal) ? whole[prefix.Length..] : whole;
    }

    private static bool IsDomain(string host) =>
        host.Contains('.', StringComparison.Ordinal)
        && !char.IsAsciiDigit(host[^1])
        && !host.AsSpan().ContainsAnyExcept(HostCharacters)
        && Uri.CheckHostName(host) == UriHostNameType.Dns
        && host.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-');

    private static string ErrorFor(string? region)
    {
        var problem = string.IsNullOrWhiteSpace(region) ? "Genesys:Region is not set." : $"Genesys:Region '{region.Trim()}' is unknown.";
        return $"{problem} Use an AWS region ({string.Join(", ", All.Select(candidate => candidate.Name))}), "
            + $"its SDK name (eu_west_1) or any Genesys Cloud domain (mypurecloud.ie).{GenesysRegionHint.For(region)}";
    }
}
