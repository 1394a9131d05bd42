using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Checks;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

public sealed class TlsCheckTests
{
    private static readonly CertificateInfo Good = new(
        "api.mypurecloud.ie", "Public Authority 1", SimulatedService.Monday.AddDays(-30), SimulatedService.Monday.AddDays(60), IsPublic: true, SslPolicyErrors.None, X509ChainStatusFlags.NoError);

    public static TheoryData<string, string, string> Judgements => new()
    {
        { "good", "Ok", "api.mypurecloud.ie shows a certificate by 'Public Authority 1', valid until 2027-01-22." },
        { "ends", "Warning", "The certificate of api.mypurecloud.ie ends on 2026-11-30 09:15:20Z." },
        { "unknown", "Warning", "The certificate of api.mypurecloud.ie was made by 'Inspecting Proxy CA', which is no public authority: a proxy opens TLS on the way, and can read the token and every figure." },
        { "untrusted", "Failed", "The certificate of api.mypurecloud.ie was made by 'Inspecting Proxy CA', whom this machine does not trust (PartialChain): a proxy may open TLS on the way." },
        { "other", "Failed", "api.mypurecloud.ie shows a certificate of 'login.example.com', made by 'Public Authority 1': somebody else answers there." },
        { "over", "Failed", "The certificate of api.mypurecloud.ie is valid from 2026-10-24 09:15:20Z to 2026-11-22 09:15:20Z, and the clock here says 2026-11-23 09:15:20Z." },
    };

    [Theory]
    [MemberData(nameof(Judgements))]
    public void A_certificate_is_judged_by_who_made_it_for_whom_and_until_when(string shown, string condition, string text)
    {
        var facts = shown switch
        {
            "ends" => Good with { Until = SimulatedService.Monday.AddDays(7) },
            "unknown" => Good with { Issuer = "Inspecting Proxy CA", IsPublic = false },
            "untrusted" => Good with { Issuer = "Inspecting Proxy CA", IsPublic = false, Errors = SslPolicyErrors.RemoteCertificateChainErrors, Chain = X509ChainStatusFlags.PartialChain },
            "other" => Good with { Subject = "login.example.com", Errors = SslPolicyErrors.RemoteCertificateNameMismatch },
            "over" => Good with { Until = SimulatedService.Monday.AddDays(-1), Errors = SslPolicyErrors.RemoteCertificateChainErrors, Chain = X509ChainStatusFlags.NotTimeValid },
            _ => Good,
        };

        var found = facts.Judged("api.mypurecloud.ie", SimulatedService.Monday);

        ($"{found.Condition}", found.Text).ShouldBe((condition, text));
        (found.Remedy is null).ShouldBe(condition == "Ok");
    }

    [Fact]
    public async Task A_server_whom_nobody_vouches_for_is_found_and_asked_for_nothing()
    {
        using var certificate = SelfMade();
        var asked = 0;
        await using var server = await StartAsync(certificate, () => asked++);
        using var service = new RunningService { FarSide = null, Settings = new() { ["Genesys:ApiBaseUrl"] = server.Urls.Single(), ["Genesys:LoginBaseUrl"] = server.Urls.Single() } };

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found["tls"].Condition.ShouldBe("failed");
        found["tls"].Finding.ShouldContain("was made by 'Self-made', whom this machine does not trust (");
        found["tls"].Remedy!.ShouldContain("SSL_CERT_FILE");
        found["token"].Finding.ShouldBe("Not examined: it depends on 'tls'.");
        asked.ShouldBe(0);
    }

    [Fact]
    public async Task A_server_without_TLS_is_no_Genesys()
    {
        await using var server = await StartAsync(null, () => { });
        var address = server.Urls.Single().Replace("http://", "https://", StringComparison.Ordinal);
        using var service = new RunningService { FarSide = null, Settings = new() { ["Genesys:ApiBaseUrl"] = address, ["Genesys:LoginBaseUrl"] = address } };

        (await DoctorReport.OfAsync(service.CreateClient()))["tls"].Finding.ShouldContain("does not speak TLS as it should");
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2? certificate, Action asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var server = builder.Build();
        server.Run(_ =>
        {
            asked();
            return Task.CompletedTask;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static X509Certificate2 SelfMade()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Self-made", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // The handshake goes by the machine's clock.
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
