using System.CommandLine;
using System.Globalization;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Security.Authentication;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>keys new</c>: creates an API key and prints it once, with the settings that make the service accept the key. The service does not store the key.
/// </summary>
internal static class KeysCommand
{
    public const string Name = "keys";

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        new Command(Name, "Creates API keys.") { NewCommand(output) }.RunAsync(args, error);

    private static Command NewCommand(TextWriter output)
    {
        Option<string> name = new("--name") { Required = true, Description = "The name of the holder of the key. The log shows this name." };
        Option<string[]> scopes = new("--scope") { Description = "A scope of the key; repeatable. Default: read." };
        Option<string[]> queues = new("--queue") { Description = "A visible queue: id, name or pattern; repeatable. Default: all queues." };
        Option<string[]> divisions = new("--division") { Description = "The id of a division whose queues are visible; repeatable. Default: all divisions." };
        Option<string> requestsPerMinute = new("--requests-per-minute") { Description = "The rate limit of the key, if it differs from Callers:RequestsPerMinute." };
        Option<string> expires = new("--expires") { Description = "The instant at which the key expires, such as 2027-01-31T00:00:00Z." };
        scopes.Require(CallerScopeNames.All.ContainsKey, $"is not a scope. Use one of {string.Join(", ", CallerScopeNames.All.Keys)}.");
        divisions.Require(GenesysId.Is, "is not the id of a division (a GUID).");
        requestsPerMinute.Require(
            rate => int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0, "is not a whole number above 0.");
        expires.Require(
            instant => OffsetDateTimePattern.ExtendedIso.Parse(instant).Success, "is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.");

        var command = new Command("new", "Creates an API key and prints it with its settings.") { name, scopes, queues, divisions, requestsPerMinute, expires };
        foreach (var option in command.Options)
        {
            // A line break in a value would add another line to the printed settings.
            option.Require(value => !string.IsNullOrWhiteSpace(value) && !value.Any(char.IsControl), "is empty or contains control characters. Give a text on one line.");
        }

        command.SetAction(parsed => Print(
            output,
            [
                ("Name", parsed.GetValue(name)),
                .. List("Scopes", parsed.GetValue(scopes)),
                .. List("Queues", parsed.GetValue(queues)),
                .. List("Divisions", parsed.GetValue(divisions)),
                ("RequestsPerMinute", parsed.GetValue(requestsPerMinute)),
                ("Expires", parsed.GetValue(expires)),
            ]));
        return command;
    }

    private static IEnumerable<(string Setting, string? Value)> List(string setting, string[]? values) =>
        (values ?? []).Index().Select(value => ($"{setting}__{value.Index}", (string?)value.Item));

    private static void Print(TextWriter output, IEnumerable<(string Setting, string? Value)> settings)
    {
        var key = ApiKeyAuthenticator.New();
        var hash = ApiKeyAuthenticator.HashOf(key);
        output.WriteLine("The key. It is shown only once; its holder sends it in the X-Api-Key header:");
        output.WriteLine();
        output.WriteLine($"  {key}");
        output.WriteLine();
        output.WriteLine("Its settings, for .env or the environment (in appsettings.json with : instead of __). They contain only the hash of the key:");
        output.WriteLine();
        foreach (var (setting, value) in settings.Append((Setting: "Sha256", Value: hash)).Where(pair => pair.Value is not null))
        {
            // The configured keys form a dictionary. Entry names are derived from the hashes, so two keys do not get the same entry name.
            output.WriteLine($"Auth__Keys__{hash[..8]}__{setting}={value}");
        }
    }
}
