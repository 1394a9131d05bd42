using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Protocol;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Checks the arguments of a prompt. Their values become part of a text for a model, so a value that the tools reject would be noticed only after the model has
/// called them. Prompts use one name for arguments with one meaning, and the same names as the tools.
/// </summary>
internal sealed class PromptArguments(AggregatesParametersValidator validator, TimeProvider clock)
{
    /// <summary>The argument for one day.</summary>
    public const string Day = "day";

    private static readonly string[] DayWords = ["today", "yesterday"];

    /// <param name="query">The parameters that the text of the prompt adds to those of the caller; null for none.</param>
    /// <returns>The errors, each with the name of the argument.</returns>
    public IReadOnlyList<string> ErrorsOf(Prompt prompt, PromptQueryAttribute? query, IDictionary<string, JsonElement> given)
    {
        var accepted = prompt.Arguments ?? [];
        List<string> names = [.. accepted.Select(argument => argument.Name)];
        List<string> errors = [.. given.Keys.Where(name => !names.Contains(name)).Select(name => DidYouMean.Message(name, $"an argument of {prompt.Name}", names))];
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in accepted)
        {
            if (ErrorOf(argument, given) is { } error)
            {
                errors.Add($"{argument.Name}: {error}");
            }
            else if (given.TryGetValue(argument.Name, out var value) && value.GetString() is { } text)
            {
                texts[argument.Name] = text;
            }
        }

        return [.. errors, .. ValueErrorsOf(texts, query, names).Select(error => $"{error.Name}: {error.Message}")];
    }

    private static string? ErrorOf(PromptArgument argument, IDictionary<string, JsonElement> given)
    {
        var isRequired = argument.Required == true;
        return !given.TryGetValue(argument.Name, out var value) || value.ValueKind == JsonValueKind.Null ? isRequired ? "is missing." : null
            : value.ValueKind != JsonValueKind.String ? $"is {JsonKind.Of(value)}. Give a string."
            : !string.IsNullOrWhiteSpace(value.GetString()) ? null
            : isRequired ? "is empty. Give a value."
            : "is empty. Give a value, or leave the argument out.";
    }

    private IEnumerable<(string Name, string Message)> ValueErrorsOf(Dictionary<string, string> texts, PromptQueryAttribute? query, IReadOnlyList<string> accepted)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var parameters = new AggregatesParameters
        {
            Period = texts.GetValueOrDefault("period"),
            From = texts.GetValueOrDefault("from"),
            // Without its start, an end would be an error in itself.
            To = texts.ContainsKey("from") ? texts.GetValueOrDefault("to") : null,
            TimeZone = texts.GetValueOrDefault("timeZone"),
            Granularity = query?.Granularity,
            Compare = query?.Compare,
        };
        var errors = validator.ErrorsOf(parameters, now, ResponseFormat.Json, accepted).SelectMany(error => error.Value.Select(message => (error.Key, message)));
        return texts.TryGetValue(Day, out var day) && DayError(day, AggregatesQuery.ZoneOf(parameters.TimeZone) ?? DateTimeZone.Utc, now) is { } dayError
            ? errors.Prepend((Day, dayError))
            : errors;
    }

    private static string? DayError(string day, DateTimeZone zone, Instant now)
    {
        var (earliest, today) = (QueryInterval.Earliest.InUtc().Date, now.InZone(zone).Date);
        return DayWords.Contains(day, StringComparer.OrdinalIgnoreCase) || (LocalDatePattern.Iso.Parse(day) is { Success: true, Value: var date } && date >= earliest && date <= today)
            ? null
            : $"'{InputExcerpt.Of(day)}' is not a day: use {string.Join(", ", DayWords)}, or a date from {LocalDatePattern.Iso.Format(earliest)} to {LocalDatePattern.Iso.Format(today)}.";
    }
}

/// <summary>The parameters of <c>queue_figures</c> that the text of a prompt names. The caller's arguments must be valid together with them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromptQueryAttribute(string granularity, string compare) : Attribute
{
    public string Granularity => granularity;

    public string Compare => compare;
}
