using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>keys new</c>: makes an API key, and prints it, once, with the settings that let it in. Nothing is kept here: who loses a key makes
/// another one.
/// </summary>
internal static class KeysCommand
{
    public const string Name = "keys";

    private const string Usage =
        """
        Usage: keys new --name <name> [--scope read|details|operator]… [--queue <id, name or pattern>]… [--division <id>]…
                        [--requests-per-minute <number>] [--expires <instant>]

        Makes an API key and prints it with its settings. Without a scope the key may read; without a queue and a division it sees all queues.
        """;

    private static readonly string[] Options = ["--name", "--scope", "--queue", "--division", "--requests-per-minute", "--expires"];

    /// <returns>The exit code: 0, or 2 where the words make no sense.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        if (words is not ["new", ..] || words.Contains("--help"))
        {
            error.WriteLine(Usage);
            return 2;
        }

        if (Read([.. words.Skip(1)], out var given) is { } wrong)
        {
            error.WriteLine(wrong);
            error.WriteLine();
            error.WriteLine(Usage);
            return 2;
        }

        Print(given, ApiKeyAuthenticator.New(), output);
        return 0;
    }

    /// <returns>What is wrong with the words, or null.</returns>
    private static string? Read(IReadOnlyList<string> words, out ILookup<string, string> given)
    {
        given = words.Chunk(2).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var known = given;
        return words.Chunk(2).Select(pair => pair switch
        {
            [var option, ..] when !Options.Contains(option) => $"'{option}' is not an option here.",
            [var option] => $"{option} needs a value.",
            ["--scope", var scope] when !CallerScopeNames.All.ContainsKey(scope) => $"--scope '{scope}' is none of {string.Join(", ", CallerScopeNames.All.Keys)}.",
            ["--division", var division] when !GenesysId.Is(division) => $"--division '{division}' is not a division's id (a GUID).",
            ["--requests-per-minute", var rate] when !int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 =>
                $"--requests-per-minute '{rate}' is not a whole number above 0.",
            ["--expires", var instant] when !OffsetDateTimePattern.ExtendedIso.Parse(instant).Success =>
                $"--expires '{instant}' is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.",
            ["--name" or "--requests-per-minute" or "--expires", _] when known[pair[0]].Count() > 1 => $"{pair[0]} is given more than once.",
            [var option, var value] when string.IsNullOrWhiteSpace(value) || value.Any(char.IsControl) => $"{option} is empty, or has control characters.",
            _ => null,
        }).FirstOrDefault(wrong => wrong is not null) ?? (given["--name"].Any() ? null : "--name is missing: it is how the log calls the holder of the key.");
    }

    private static void Print(ILookup<string, string> given, string key, TextWriter output)
    {
        var hash = ApiKeyAuthenticator.HashOf(key);

        // Any name does; one made of the hash is there only once.
        var prefix = $"Auth__Keys__{hash[..8]}__";
        var settings = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{prefix}Name={given["--name"].Single()}\n")
            .Append(CultureInfo.InvariantCulture, $"{prefix}Sha256={hash}\n");
        AppendList("Scopes", given["--scope"]);
        AppendList("Queues", given["--queue"]);
        AppendList("Divisions", given["--division"]);
        AppendOne("RequestsPerMinute", given["--requests-per-minute"]);
        AppendOne("Expires", given["--expires"]);

        output.WriteLine("The key, shown this once. Its holder sends it in the header X-Api-Key:");
        output.WriteLine();
        output.WriteLine($"  {key}");
        output.WriteLine();
        output.WriteLine("Its settings, for .env or the environment (in appsettings.json with : for __). They have its hash only:");
        output.WriteLine();
        output.Write(settings);

        void AppendList(string name, IEnumerable<string> values)
        {
            foreach (var (index, value) in values.Index())
            {
                settings.Append(CultureInfo.InvariantCulture, $"{prefix}{name}__{index}={value}\n");
            }
        }

        void AppendOne(string name, IEnumerable<string> values)
        {
            foreach (var value in values)
            {
                settings.Append(CultureInfo.InvariantCulture, $"{prefix}{name}={value}\n");
            }
        }
    }
}
