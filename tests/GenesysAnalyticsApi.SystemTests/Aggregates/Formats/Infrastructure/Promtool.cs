using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;

/// <summary>Prometheus' own check of an OpenMetrics text.</summary>
internal static class Promtool
{
    /// <summary>Returns the output of <c>promtool check metrics</c>, which is empty for valid text. Skips the test if promtool is not installed.</summary>
    public static async Task<string> ComplaintsAsync(byte[] body)
    {
        if (InstalledProgram.Find("promtool") is not { } promtool)
        {
            Assert.Skip("promtool is not installed: apt-get install prometheus.");
            return "";
        }

        var (_, output, error) = await InstalledProgram.RunAsync(promtool, Path.GetTempPath(), body, "check", "metrics");
        return error + output;
    }
}
