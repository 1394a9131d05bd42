using GenesysAnalyticsApi.PureCloud;

namespace GenesysAnalyticsApi;

/// <summary>The service with the official SDK as an additional client (<c>Genesys:Client=Sdk</c>).</summary>
internal static class ServiceWithSdk
{
    private static Task<int> Main(string[] args) => Program.RunAsync(args, services => services.AddGenesysSdk());
}
