using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using Microsoft.AspNetCore.Connections;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>What keeps the service from starting is told to the operator in words, on the error output, without a stack trace.</summary>
internal static class StartUp
{
    /// <summary>Looks at the settings before anything listens or calls out; false when one is wrong.</summary>
    public static async Task<bool> AcceptsItsSettingsAsync(this WebApplication app)
    {
        var faults = SettingsCheck.FindFaults(app.Configuration, app.Environment, app.Services.GenesysClients());
        if (faults.Count > 0)
        {
            await Console.Error.WriteLineAsync(Message(faults));
        }

        return faults.Count == 0;
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunOrExplainAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException taken) when (IsAddressInUse(taken))
        {
            await Console.Error.WriteLineAsync($"GenesysAnalyticsApi does not start: {taken.Message} Give another address, such as --urls http://localhost:5081.");
            return 1;
        }
    }

    public static bool IsAddressInUse(Exception? exception) => exception is IOException { InnerException: AddressInUseException };

    private static string Message(IReadOnlyList<string> faults)
    {
        var message = new StringBuilder("GenesysAnalyticsApi does not start: ")
            .Append(CultureInfo.InvariantCulture, $"{(faults.Count == 1 ? "a setting is" : $"{faults.Count} settings are")} wrong.\n");
        foreach (var fault in faults)
        {
            message.Append("  - ").Append(fault).Append('\n');
        }

        return message.Append("Every setting is explained in docs/configuration.md.").ToString();
    }
}
