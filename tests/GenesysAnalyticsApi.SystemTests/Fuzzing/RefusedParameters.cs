using System.Text.Json;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Checks that a 400 names parameters of the request and the value of each.</summary>
internal static class RefusedParameters
{
    public static void Check(FuzzedRequest request, JsonElement errors)
    {
        if (request.IsQueryInBody)
        {
            // QueryBodyTests compares the messages. Here, the names are known only if the body can be read.
            errors.EnumerateObject().ShouldAllBe(error => error.Value.GetArrayLength() >= 1 && error.Value.GetArrayLength() <= 25);
            return;
        }

        var given = QueryHelpers.ParseQuery(request.Query);
        foreach (var error in errors.EnumerateObject())
        {
            var values = given
                .Where(one => InputExcerpt.Of(one.Key).Equals(error.Name, StringComparison.OrdinalIgnoreCase))
                // A rule for a whole list reports its values joined.
                .SelectMany(one => one.Value.Select(value => value ?? "").Append(one.Value.ToString()).Append(one.Key))
                .ToList();
            values.ShouldNotBeEmpty($"'{error.Name}' is not one of {string.Join(", ", given.Keys)}");
            error.Value.GetArrayLength().ShouldBeInRange(1, 25);
            foreach (var message in error.Value.EnumerateArray().Select(text => text.GetString()!))
            {
                // A message shows a plus sign that arrived as a space.
                (Names(message, values) || Names(message.Replace('+', ' '), [.. values.Select(value => value.Replace('+', ' '))])).ShouldBeTrue($"'{message}' names none of {string.Join(" | ", values)}");
            }
        }
    }

    /// <summary>Whether the message names the value or one of its items as received, the instant that it means, or the number of values.</summary>
    private static bool Names(string message, List<string> values) =>
        values.SelectMany(value => new[] { value }.Concat(value.Split(',')).Concat(Sides(value)))
            .Any(value => message.Contains($"'{InputExcerpt.Of(value)}'", StringComparison.OrdinalIgnoreCase) || message.Contains($"'{InputExcerpt.Of(value.Trim())}'", StringComparison.Ordinal))
        || char.IsAsciiDigit(message[0])
        || message.StartsWith('-')
        || message.Contains("cannot be combined with", StringComparison.Ordinal)
        || message.Contains("combines 'none' with", StringComparison.Ordinal);

    /// <summary>Either side of an interval. A side can contain a slash itself: now-7d/d.</summary>
    private static IEnumerable<string> Sides(string interval)
    {
        var pieces = interval.Split('/');
        return Enumerable.Range(1, pieces.Length - 1).SelectMany(end => new[] { string.Join('/', pieces[..end]), string.Join('/', pieces[end..]) });
    }
}
