using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Tests.Genesys.Settings;

public sealed class GenesysRegionsTests
{
    [Theory]
    [InlineData("us-east-1", "mypurecloud.com")]
    [InlineData("us-east-2", "use2.us-gov-pure.cloud")]
    [InlineData("us-west-2", "usw2.pure.cloud")]
    [InlineData("ca-central-1", "cac1.pure.cloud")]
    [InlineData("mx-central-1", "mxc1.pure.cloud")]
    [InlineData("sa-east-1", "sae1.pure.cloud")]
    [InlineData("eu-west-1", "mypurecloud.ie")]
    [InlineData("eu-west-2", "euw2.pure.cloud")]
    [InlineData("eu-central-1", "mypurecloud.de")]
    [InlineData("eu-central-2", "euc2.pure.cloud")]
    [InlineData("eusc-de-east-1", "edee1.eusc-pure.cloud")]
    [InlineData("me-central-1", "mec1.pure.cloud")]
    [InlineData("ap-south-1", "aps1.pure.cloud")]
    [InlineData("ap-southeast-1", "apse1.pure.cloud")]
    [InlineData("ap-southeast-2", "mypurecloud.com.au")]
    [InlineData("ap-northeast-1", "mypurecloud.jp")]
    [InlineData("ap-northeast-2", "apne2.pure.cloud")]
    [InlineData("ap-northeast-3", "apne3.pure.cloud")]
    public void A_region_is_found_by_each_of_its_names(string region, string domain)
    {
        foreach (var name in new[] { region, region.ToUpperInvariant(), region.Replace('-', '_'), domain, $" {domain} " })
        {
            var found = GenesysRegions.Resolve(name).Region.ShouldNotBeNull();

            found.ShouldBe(new GenesysRegion(region, domain));
            found.ApiBaseUrl.ShouldBe(new Uri($"https://api.{domain}"));
            found.LoginBaseUrl.ShouldBe(new Uri($"https://login.{domain}"));
        }
    }

    [Theory]
    [InlineData("https://apps.mypurecloud.ie/", "mypurecloud.ie")]
    [InlineData("api.mypurecloud.de", "mypurecloud.de")]
    [InlineData("LOGIN.usw2.pure.cloud", "usw2.pure.cloud")]
    [InlineData("brand-new1.pure.cloud", "brand-new1.pure.cloud")]
    [InlineData("https://api.brand-new1.pure.cloud/", "brand-new1.pure.cloud")]
    public void A_pasted_domain_is_accepted(string pasted, string domain) =>
        GenesysRegions.Resolve(pasted).Region!.Domain.ShouldBe(domain);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("eu-nowhere-1")]
    [InlineData("my pure.cloud")]
    [InlineData("evil.example/path")]
    [InlineData("user@evil.example")]
    [InlineData("a..b")]
    [InlineData(".")]
    public void An_invalid_region_is_rejected_with_the_accepted_names(string? region)
    {
        var (found, error) = GenesysRegions.Resolve(region);

        found.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain("eusc-de-east-1");
        error.ShouldContain("mypurecloud.ie");
    }

    [Theory]
    [InlineData("us_east", "us-east-1")]
    [InlineData("US East (N. Virginia)", "us-east-1")]
    [InlineData("us east 1", "us-east-1")]
    [InlineData("useast1", "us-east-1")]
    [InlineData("Americas (US East)", "us-east-1")]
    [InlineData("us-west", "us-west-2")]
    [InlineData("EU (Frankfurt)", "eu-central-1")]
    [InlineData("eu-central", "eu-central-1")]
    [InlineData("eu_central", "eu-central-2")]
    [InlineData("Ireland", "eu-west-1")]
    [InlineData("EMEA (Dublin)", "eu-west-1")]
    [InlineData("eu-west-1 (Ireland)", "eu-west-1")]
    [InlineData("Europe (Zürich)", "eu-central-2")]
    [InlineData("euw2", "eu-west-2")]
    [InlineData("South America (São Paulo)", "sa-east-1")]
    [InlineData("ap southeast", "ap-southeast-2")]
    [InlineData("apse2", "ap-southeast-2")]
    [InlineData("Sydney", "ap-southeast-2")]
    [InlineData("https://apps.mypurecloud.ie/directory/#/engage/admin", "eu-west-1")]
    [InlineData("apps.mypurecloud.com.au/directory/", "ap-southeast-2")]
    [InlineData("https://login.usw2.pure.cloud/#/authenticate?x=1", "us-west-2")]
    [InlineData("https://api.euc2.pure.cloud:443/api/v2", "eu-central-2")]
    [InlineData("us.east.1", "us-east-1")]
    public void An_invalid_region_gets_the_intended_one_as_suggestion(string written, string meant)
    {
        var (found, error) = GenesysRegions.Resolve(written);

        found.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain("Did you mean '");
        error[error.IndexOf("Did you mean", StringComparison.Ordinal)..].ShouldContain($"'{meant}'");
    }

    [Theory]
    [InlineData("eu-west-3")]
    [InlineData("eu-nowhere-1")]
    [InlineData("production")]
    [InlineData("evil.example/path")]
    [InlineData("notmypurecloud.ie/x")]
    public void No_region_is_suggested_if_none_is_likely(string written) =>
        GenesysRegions.Resolve(written).Error.ShouldNotBeNull().ShouldNotContain("Did you mean");

    [Theory]
    [InlineData("mypurecloud.ie.", "eu-west-1")]
    [InlineData("  login.usw2.pure.cloud. ", "us-west-2")]
    [InlineData("eu-central-1.", "eu-central-1")]
    public void Trailing_dots_and_spaces_are_ignored(string written, string region) =>
        GenesysRegions.Resolve(written).Region!.Name.ShouldBe(region);

    [Fact]
    public void There_are_eighteen_regions() => GenesysRegions.All.Count.ShouldBe(18);
}
