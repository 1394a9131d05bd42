using System.Text;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Genesys.Protocol;

/// <summary>An HTML page instead of JSON: captive portals, proxies, wrong addresses.</summary>
public sealed class HtmlDetectorTests : IDisposable
{
    private const string Portal = "<!DOCTYPE html>\n<html><head><TITLE lang=en>\n Sign in to\r\n  Hotel &amp; Caf&eacute; WiFi </TITLE></head><body>…</body></html>";

    private readonly ScriptedGenesys _genesys = new();

    public static TheoryData<string, int> Everywhere
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var path in ScriptedGenesys.Endpoints)
            {
                foreach (var status in new[] { 200, 203, 302, 400, 401, 403, 404, 407, 413, 511 })
                {
                    cases.Add(path, status);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_HTML_page_is_reported_after_one_retry_with_its_title_and_the_settings(string path, int status)
    {
        _genesys.Replace(path, () => ScriptedGenesys.Page(status, Portal));

        var response = await _genesys.QueryAsync(path == ScriptedGenesys.Queues ? "/queues" : "/aggregates?from=2026-01-01&to=2026-01-02");

        if (path == ScriptedGenesys.Queues)
        {
            // If the query arrives after the failure of the first read has expired, the directory is read once more.
            _genesys.Count(path).ShouldBeOneOf(2, 4);
            response.Status.ShouldBeGreaterThanOrEqualTo(500);
        }
        else
        {
            // A request that begins after the failed login has left the cache sends one more login.
            _genesys.Count(path).ShouldBeOneOf(path == ScriptedGenesys.Login ? [2, 3] : [2]);
            response.Status.ShouldBe(502);
        }

        response.Detail.ShouldContain("Received an HTML page with the title 'Sign in to Hotel & Café WiFi'");
        response.Detail.ShouldContain($"status {status}");
        response.Detail.ShouldContain("Genesys:Region");
        response.Detail.ShouldContain(path == ScriptedGenesys.Login ? "Genesys:LoginBaseUrl" : "Genesys:ApiBaseUrl");
        response.Detail.ShouldContain("HTTPS_PROXY");
    }

    [Theory]
    [InlineData(ScriptedGenesys.Login, 503)]
    [InlineData(ScriptedGenesys.Aggregates, 502)]
    [InlineData(ScriptedGenesys.Aggregates, 503)]
    public async Task An_HTML_page_with_a_server_error_is_retried_according_to_its_status_and_reported(string path, int status)
    {
        _genesys.Replace(path, () => ScriptedGenesys.Page(status, "<html><title>Scheduled maintenance</title></html>"));

        var response = await _genesys.QueryAsync();

        response.Status.ShouldBe(503);
        response.RetryAfter.ShouldNotBeNull();
        response.Detail.ShouldContain("'Scheduled maintenance'");
        _genesys.Count(path).ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("<html><title>Portal</title>", null)]
    [InlineData("\uFEFF \r\n <!-- x --><title>Portal</title>", "application/json")]
    [InlineData("<?xml version='1.0'?><html><title>Portal</title></html>", "application/xhtml+xml")]
    [InlineData("Portal", "text/html; charset=utf-8")]
    [InlineData("", "text/html")]
    public async Task An_HTML_page_is_detected_by_its_first_character_or_its_content_type(string body, string? type)
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Page(200, body, type));

        (await _genesys.QueryAsync()).Detail.ShouldStartWith("Received an HTML page");
    }

    [Fact]
    public async Task JSON_with_an_HTML_content_type_is_parsed()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Page(200, """ {"results":[]}"""));

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public async Task A_title_is_decoded_in_the_encoding_of_its_page(string charset)
    {
        var encoding = Encoding.GetEncoding(charset);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("<html><title>Gerät anmelden</title></html>")];
        _genesys.Replace(ScriptedGenesys.Aggregates, () =>
        {
            var page = ScriptedGenesys.Page(200, "", $"text/html; charset={charset}");
            var type = page.Content.Headers.ContentType;
            page.Content = new ByteArrayContent(bytes) { Headers = { ContentType = type } };
            return page;
        });

        (await _genesys.QueryAsync()).Detail.ShouldContain("'Gerät anmelden'");
    }

    [Fact]
    public async Task A_hostile_title_is_truncated_and_sanitized()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Page(
            200, $"<html><title>a\u202e\u0007token-of-the-upstream&#10;{new string('x', 300_000)}</title></html>"));

        var detail = (await _genesys.QueryAsync()).Detail;

        detail.Length.ShouldBeLessThan(500);
        detail.ShouldNotContain("token-of-the-upstream");
        detail.ShouldNotContain("\u202e");
        detail.ShouldNotContain("\n");
    }

    [Fact]
    public async Task An_HTML_page_with_401_causes_no_login()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Page(401, Portal));

        await _genesys.QueryAsync();
        await _genesys.QueryAsync();

        _genesys.Count(ScriptedGenesys.Login).ShouldBe(1);
    }

    [Fact]
    public async Task The_health_page_shows_the_cause_and_recovers_with_Genesys()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Page(200, Portal));
        await _genesys.QueryAsync();
        var during = await _genesys.QueryAsync("/health/ready");
        _genesys.Heal();
        await _genesys.QueryAsync();
        var after = await _genesys.QueryAsync("/health/ready");

        during.Status.ShouldBe(200);
        during.Body.ShouldContain("Sign in to Hotel");
        during.Body.ShouldContain("HTTPS_PROXY");
        after.Body.ShouldNotContain("Sign in to Hotel");
    }

    [Theory]
    [InlineData(ScriptedGenesys.Login, "token")]
    [InlineData(ScriptedGenesys.Queues, "queues-permission")]
    [InlineData(ScriptedGenesys.Aggregates, "aggregates-permission")]
    public async Task The_doctor_names_the_HTML_page_and_a_remedy(string path, string check)
    {
        using var genesys = new ScriptedGenesys(new(DoctorUpstream.Settings) { ["Auth:Doctor"] = "Operators" });
        genesys.Replace(path, () => ScriptedGenesys.Page(200, Portal));

        var found = DoctorReport.Of((await genesys.QueryAsync("/health/doctor")).Body)[check];

        found.Condition.ShouldBe("failed");
        found.Finding.ShouldContain("Sign in to Hotel");
        found.Remedy!.ShouldContain("captive portal");
        found.Remedy!.ShouldContain("HTTPS_PROXY");
    }

    [Theory]
    [InlineData(ScriptedGenesys.Login)]
    [InlineData(ScriptedGenesys.Aggregates)]
    public async Task A_redirect_without_a_page_names_its_target_and_the_proxy(string path)
    {
        _genesys.Replace(path, () =>
        {
            var redirect = ScriptedGenesys.Json(302, "");
            redirect.Headers.Location = new Uri("https://portal.hotel.example/login?token=1");
            return redirect;
        });

        var response = await _genesys.QueryAsync();

        response.Status.ShouldBe(502);
        response.Detail.ShouldContain("redirect to 'portal.hotel.example' (302)");
        response.Detail.ShouldNotContain("token=1");
        response.Detail.ShouldContain("HTTPS_PROXY");
    }

    [Theory]
    [InlineData(ScriptedGenesys.Login)]
    [InlineData(ScriptedGenesys.Aggregates)]
    public async Task A_proxy_that_requires_credentials_is_named(string path)
    {
        _genesys.Replace(path, () => ScriptedGenesys.Json(407, ""));

        (await _genesys.QueryAsync()).Detail.ShouldContain("HTTPS_PROXY");
    }

    public void Dispose() => _genesys.Dispose();
}
