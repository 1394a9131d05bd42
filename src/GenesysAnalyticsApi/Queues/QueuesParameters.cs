using System.ComponentModel;
using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Queues;

/// <summary>The parameters of <c>GET /queues</c> as they came, none of them checked.</summary>
internal sealed record QueuesParameters
{
    public static readonly IReadOnlyList<string> Names = ["name", "divisionId", "limit", "cursor"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Facts = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["name"] = new("Billing*"),
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid" },
        ["limit"] = new("20")
        {
            Range = (1, QueuesQuery.MaxPageSize),
            Default = QueuesQuery.DefaultPageSize.ToString(CultureInfo.InvariantCulture),
        },
        ["cursor"] = new("YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ"),
    };

    [FromQuery(Name = "name")]
    [Description("Only queues with this name; * stands for any letters. Case and white space around the name do not matter.")]
    public string? Name { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of this division (a GUID); repeat it for more divisions.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "limit")]
    [Description("Queues on one page.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the page before, with the same name and divisionId as there.")]
    public string? Cursor { get; init; }
}

/// <summary>Looks at all parameters and reports everything wrong at once, by wire name.</summary>
internal sealed class QueuesParametersValidator : AbstractValidator<QueuesParameters>
{
    public QueuesParametersValidator()
    {
        RuleFor(asked => asked).Custom((asked, context) =>
        {
            foreach (var (name, message) in Faults(asked))
            {
                // As a failure of its own: a message given as text is a template, and the caller's braces would be filled in.
                context.AddFailure(new ValidationFailure(name, message));
            }
        });
    }

    public IEnumerable<(string Name, string Message)> Wrong(QueuesParameters asked) =>
        Validate(asked).Errors.Select(error => (error.PropertyName, error.ErrorMessage));

    private static IEnumerable<(string Name, string Message)> Faults(QueuesParameters asked)
    {
        if (asked.Name is not null && QueueNameComparison.Folded(asked.Name).Length == 0)
        {
            yield return ("name", $"'{InputExcerpt.Of(asked.Name)}' is not a queue's name or a pattern of it, such as Billing*.");
        }

        foreach (var id in (asked.DivisionId ?? []).Where(id => !Guid.TryParse(id, out _)).Take(10))
        {
            yield return ("divisionId", $"'{InputExcerpt.Of(id)}' is not a division's id (a GUID).");
        }

        if (asked.Limit is not null && !IsLimit(asked.Limit))
        {
            yield return ("limit", $"'{InputExcerpt.Of(asked.Limit)}' is not a whole number from 1 to {QueuesQuery.MaxPageSize}.");
        }

        if (asked.Cursor is not null && !QueuesCursor.TryRead(asked.Cursor, out _))
        {
            yield return ("cursor", $"'{InputExcerpt.Of(asked.Cursor)}' is not a cursor; take nextCursor of the page before as it is.");
        }
        else if (asked.Cursor is not null && !QueuesQuery.Continues(asked, asked.Cursor))
        {
            yield return ("cursor", $"'{InputExcerpt.Of(asked.Cursor)}' belongs to another name or divisionId; a cursor goes on with the question that it came from.");
        }
    }

    private static bool IsLimit(string limit) =>
        int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= QueuesQuery.MaxPageSize;
}
