using GenesysAnalyticsApi.PureCloud;

namespace GenesysAnalyticsApi;

/// <summary>The same service, which can ask Genesys with the official SDK too (<c>Genesys:Client=Sdk</c>).</summary>
internal static class ServiceWithSdk
{
    private static Task<int> Main(string[] args) => Program.RunAsync(args, services => services.AddGenesysSdk());
}
