using System.Runtime.CompilerServices;
using PureCloudPlatform.Client.V2.Client;
using SdkClientConfiguration = PureCloudPlatform.Client.V2.Client.Configuration;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Creates an SDK configuration and neutralizes the SDK's static one. The static one is initialized on first use of the SDK or earlier. It
/// reads <c>~/.genesysclouddotnet/config</c>, which may belong to another application and redirect requests. It watches that folder or, if
/// it does not exist, the whole home folder, and it fails if no home folder is set. It is therefore initialized here, once, while
/// the home folder is temporarily replaced with one that ships with the service.
/// </summary>
internal static class SdkConfiguration
{
    /// <summary>A folder without a configuration file, which ships with the service.</summary>
    public static readonly string Home = Path.Combine(AppContext.BaseDirectory, "sdk-home");

    private static readonly string File = Path.Combine(Home, ".genesysclouddotnet", "config");

    private static readonly Lock Gate = new();

    public static SdkClientConfiguration Create()
    {
        lock (Gate)
        {
            InitializeStatic();
        }

        return new SdkClientConfiguration(useDefaultApiClient: false, autoReloadConfig: false, configFilePath: File)
        {
            ApiClient =
            {
                // The default instance is shared by the whole process. No retries are needed: every response that reaches the SDK is a success.
                RetryConfig = new ApiClient.RetryConfiguration { MaxRetryTimeSec = 0 },
            },
        };
    }

    /// <summary>Replaces the home folder while the static configuration is initialized, which happens once.</summary>
    private static void InitializeStatic()
    {
        string[] names = OperatingSystem.IsWindows() ? ["HOMEDRIVE", "HOMEPATH"] : ["HOME"];
        var before = Array.ConvertAll(names, Environment.GetEnvironmentVariable);
        var drive = OperatingSystem.IsWindows() ? Path.GetPathRoot(Home)!.TrimEnd(Path.DirectorySeparatorChar) : "";
        Set(OperatingSystem.IsWindows() ? [drive, Home[drive.Length..]] : [Home]);
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(SdkClientConfiguration).TypeHandle);
        }
        finally
        {
            Set(before);
        }

        void Set(string?[] values)
        {
            foreach (var (name, value) in names.Zip(values))
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
