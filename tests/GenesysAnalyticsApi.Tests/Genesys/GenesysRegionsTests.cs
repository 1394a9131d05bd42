using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Tests.Genesys;

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
    public void A_domain_is_taken_as_it_is_pasted(string pasted, string domain) =>
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
    public void What_is_no_region_is_refused_with_what_is_accepted(string? region)
    {
        var (found, error) = GenesysRegions.Resolve(region);

        found.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain("eusc-de-east-1");
        error.ShouldContain("mypurecloud.ie");
    }

    [Fact]
    public void There_are_eighteen() => GenesysRegions.All.Count.ShouldBe(18);
}
