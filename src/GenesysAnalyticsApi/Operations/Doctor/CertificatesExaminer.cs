using System.Net.Sockets;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>Whether both hosts can be reached, and are who they say they are.</summary>
internal sealed class CertificatesExaminer(IOptions<GenesysOptions> options, TimeProvider clock) : IExaminer
{
    public string Name => Examinations.Tls;

    public IReadOnlyList<string> Needs => [Examinations.Dns];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Awaits => "A host of Genesys";

    public async Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken)
    {
        var urls = new[] { GenesysRegions.LoginBaseUrlOf(options.Value), GenesysRegions.ApiBaseUrlOf(options.Value) }
            .Where(url => url.Scheme == Uri.UriSchemeHttps)
            .DistinctBy(ConfigurationExaminer.HostOf)
            .ToList();
        if (urls is [])
        {
            return Finding.Skipped("Not examined: the addresses are http, without TLS.");
        }

        var found = await Task.WhenAll(urls.Select(url => ExamineAsync(url, cancellationToken)));

        // The gravest of both; a finding of one host is no finding of the other.
        return found.MaxBy(finding => finding.Condition)! is { Condition: not ExaminationCondition.Ok } grave
            ? grave
            : Finding.Ok(string.Join(' ', found.Select(finding => finding.Text)));
    }

    private async Task<Finding> ExamineAsync(Uri url, CancellationToken cancellationToken)
    {
        var host = ConfigurationExaminer.HostOf(url);
        var handshake = await Handshake.WithAsync(url, cancellationToken);
        return handshake switch
        {
            { Certificate: { } certificate } => certificate.Judged(host, clock.GetUtcNow()),
            { Failure: { } failure } => NotReached(NamesExaminer.ProxyTo(url) is { } proxy ? $"{host}, through the proxy {ConfigurationExaminer.HostOf(proxy)}," : host, failure),
            _ => Finding.Failed($"{host} showed no certificate.", GenesysRemedies.Hanging),
        };
    }

    private static Finding NotReached(string host, HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => Finding.Failed(
            $"{host} does not speak TLS as it should ({failure.HttpRequestError}).", "Something else answers there: check the port, Genesys:Region, and the proxy on the way."),
        HttpRequestError.ProxyTunnelError => Finding.Failed(
            $"{host} cannot be reached: the proxy refuses ({failure.StatusCode?.ToString() ?? "no status"}).", "Have it allow CONNECT to it, or give HTTPS_PROXY the user that it asks for."),
        _ => Finding.Failed($"{host} cannot be reached ({Reason(failure)}).", GenesysRemedies.Reach),
    };

    private static string Reason(HttpRequestException failure) =>
        failure.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : $"{failure.HttpRequestError}";
}
