using System.Reflection;

namespace GenesysAnalyticsApi.Observability;

/// <summary>The version of the service, which Directory.Build.props sets for all assemblies.</summary>
internal static class ServiceVersion
{
    /// <summary>The version without the commit, which the build appends after a plus sign.</summary>
    public static string Current { get; } =
        typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
