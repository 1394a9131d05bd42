using System.Runtime.CompilerServices;
using PureCloudPlatform.Client.V2.Client;
using SdkClientConfiguration = PureCloudPlatform.Client.V2.Client.Configuration;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Creates an SDK configuration and neutralizes the static configuration of the SDK, which is initialized on first use of the SDK or earlier. The static
/// configuration reads <c>~/.genesysclouddotnet/config</c>, but this file might belong to another application and redirect requests. It watches the folder of
/// the file or, if the folder does not exist, the whole home folder. It fails if no home folder is set. This class therefore initializes the static
/// configuration once, while the home folder is temporarily replaced with a folder that ships with the service.
/// </summary>
internal static class SdkConfiguration
{
    /// <summary>A folder that ships with the service and contains no configuration file.</summary>
    public static readonly string Home = Path.Combine(AppContext.BaseDirectory, "sdk-home");

    private static readonly string ConfigFile = Path.Combine(Home, ".genesysclouddotnet", "config");

    private static readonly Lock Gate = new();

    public static SdkClientConfiguration Create()
    {
        lock (Gate)
        {
            InitializeStatic();
        }

        return new SdkClientConfiguration(useDefaultApiClient: false, autoReloadConfig: false, configFilePath: ConfigFile)
        {
            ApiClient =
            {
                // The whole process would share the default instance. No retries are needed, because every response that reaches the SDK is a success.
                RetryConfig = new ApiClient.RetryConfiguration { MaxRetryTimeSec = 0 },
            },
        };
    }

    /// <summary>Replaces the home folder while the static configuration is initialized. The runtime initializes it only once per process.</summary>
    private static void InitializeStatic()
    {
        string[] names = OperatingSystem.IsWindows() ? ["HOMEDRIVE", "HOMEPATH"] : ["HOME"];
        var originalValues = Array.ConvertAll(names, Environment.GetEnvironmentVariable);
        var drive = OperatingSystem.IsWindows() ? Path.GetPathRoot(Home)!.TrimEnd(Path.DirectorySeparatorChar) : "";
        Set(OperatingSystem.IsWindows() ? [drive, Home[drive.Length..]] : [Home]);
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(SdkClientConfiguration).TypeHandle);
        }
        finally
        {
            Set(originalValues);
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
