using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

/// <summary>
/// The Genesys client that all tests use. Tests of the gateway and of everything above it are written once; with
/// <c>GENESYS_CLIENT=Sdk</c>, in a build with the official SDK, all of them use the SDK.
/// </summary>
internal static class TestedClient
{
    public static GenesysClient Client { get; } = Enum.Parse<GenesysClient>(Environment.GetEnvironmentVariable("GENESYS_CLIENT") ?? nameof(GenesysClient.Http));

    public static bool IsSdk => Client == GenesysClient.Sdk;

    public static void AddTo(IServiceCollection services)
    {
#if GENESYS_SDK
        GenesysAnalyticsApi.PureCloud.GenesysSdkRegistration.AddGenesysSdk(services);
#endif
    }
}
