namespace GenesysAnalyticsApi.Genesys;

/// <summary>One Genesys Cloud: a region we know by name, or a raw domain.</summary>
internal sealed record GenesysRegion(string Name, string Domain);

/// <summary>A region, or one sentence on why there is none.</summary>
internal readonly record struct GenesysRegionResult(GenesysRegion? Region, string? Error);

/// <summary>The regions of Genesys Cloud: each has its own hosts.</summary>
internal static class GenesysRegions
{
    private static readonly Dictionary<string, string> Domains = new()
    {
        ["us-east-1"] = "mypurecloud.com",
        ["us-east-2"] = "use2.us-gov-pure.cloud",
        ["us-west-2"] = "usw2.pure.cloud",
        ["ca-central-1"] = "cac1.pure.cloud",
        ["mx-central-1"] = "mxc1.pure.cloud",
        ["sa-east-1"] = "sae1.pure.cloud",
        ["eu-west-1"] = "mypurecloud.ie",
        ["eu-west-2"] = "euw2.pure.cloud",
        ["eu-central-1"] = "mypurecloud.de",
        ["eu-central-2"] = "euc2.pure.cloud",
        ["eusc-de-east-1"] = "edee1.eusc-pure.cloud",
        ["me-central-1"] = "mec1.pure.cloud",
        ["ap-south-1"] = "aps1.pure.cloud",
        ["ap-southeast-1"] = "apse1.pure.cloud",
        ["ap-southeast-2"] = "mypurecloud.com.au",
        ["ap-northeast-1"] = "mypurecloud.jp",
        ["ap-northeast-2"] = "apne2.pure.cloud",
        ["ap-northeast-3"] = "apne3.pure.cloud",
    };

    public static GenesysRegionResult Resolve(string? region)
    {
        var name = (region ?? "").Trim().ToLowerInvariant();
        var domain = Domains.GetValueOrDefault(name.Replace('_', '-'), name);
        return domain.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(domain) == UriHostNameType.Dns
            ? new(new GenesysRegion(name, domain), null)
            : new(null, $"Genesys:Region '{region}' is not known.");
    }
}
