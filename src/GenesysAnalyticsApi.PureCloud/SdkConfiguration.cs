using System.Runtime.CompilerServices;
using PureCloudPlatform.Client.V2.Client;
using OfSdk = PureCloudPlatform.Client.V2.Client.Configuration;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// A configuration of the SDK of our own, and the static one kept harmless. The static one comes to life when something of the SDK first
/// touches it, and the runtime may do so earlier: it reads <c>~/.genesysclouddotnet/config</c>, which may belong to somebody else and
/// redirect requests, and watches that folder, or, where there is none, all of the home folder with everything in it; and it fails where
/// no home folder is set. So it is brought to life here, once, while the home folder is one of ours.
/// </summary>
internal static class SdkConfiguration
{
    /// <summary>Ships with the service: an empty folder where the SDK looks for its file.</summary>
    public static readonly string Home = Path.Combine(AppContext.BaseDirectory, "sdk-home");

    private static readonly string File = Path.Combine(Home, ".genesysclouddotnet", "config");

    private static readonly Lock Gate = new();

    public static OfSdk Create()
    {
        lock (Gate)
        {
            ContainStatic();
        }

        return new OfSdk(useDefaultApiClient: false, autoReloadConfig: false, configFilePath: File)
        {
            ApiClient =
            {
                // The one it starts with is shared by all clients of the process. None of it is used: an answer that reaches the SDK is a success.
                RetryConfig = new ApiClient.RetryConfiguration { MaxRetryTimeSec = 0 },
            },
        };
    }

    /// <summary>The home folder is another one for as long as the static configuration takes to be made, which it is once.</summary>
    private static void ContainStatic()
    {
        string[] names = OperatingSystem.IsWindows() ? ["HOMEDRIVE", "HOMEPATH"] : ["HOME"];
        var before = Array.ConvertAll(names, Environment.GetEnvironmentVariable);
        var drive = OperatingSystem.IsWindows() ? Path.GetPathRoot(Home)!.TrimEnd(Path.DirectorySeparatorChar) : "";
        Set(OperatingSystem.IsWindows() ? [drive, Home[drive.Length..]] : [Home]);
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(OfSdk).TypeHandle);
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
