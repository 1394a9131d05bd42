using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// The rules that query parameters share. A check returns why a value is invalid, or null. Parameters are checked as text, and errors use the wire name
/// of the parameter.
/// </summary>
internal static class ParameterRules
{
    // The maximum number of errors per list, because a response to invalid input should be small, and each suggestion takes time to compute.
    private const int MaxErrors = 10;

    public static IRuleBuilderOptions<T, string?> Must<T>(this IRuleBuilder<T, string?> rule, string name, Func<string, string?> check) =>
        rule.Must((_, value, context) =>
            {
                var reason = value is null ? null : check(value);
                // The reason is an argument of the message, because FluentValidation would replace placeholders in the caller's own text.
                context.MessageFormatter.AppendArgument("Reason", reason);
                return reason is null;
            })
            .WithMessage("{Reason}")
            .OverridePropertyName(name);

    /// <summary>Checks the items of a list and reports an error for each invalid item, up to <see cref="MaxErrors"/> errors.</summary>
    /// <param name="hint">Returns the end of every error.</param>
    public static void MustEach<T>(
        this AbstractValidator<T> validator, string name, Func<T, IEnumerable<string>> items, Func<string, string?> check, Func<IValidationContext, string>? hint = null) =>
        validator.Check(name, (parameters, context) =>
            items(parameters).Distinct(StringComparer.Ordinal).Select(check).OfType<string>().Take(MaxErrors).Select(error => error + hint?.Invoke(context)));

    /// <summary>Limits the number of values of a parameter.</summary>
    public static void AtMost<T>(this AbstractValidator<T> validator, string name, Func<T, int> count, int max) =>
        validator.Check(name, parameters => count(parameters) is var given && given > max ? [$"{given} values are too many: at most {max}."] : []);

    /// <summary>
    /// Reports the errors that a check finds in the parameters. The rule is about the whole parameter object, because FluentValidation would compile the
    /// expression of a rule about a computed value at each startup (ADR 0051).
    /// </summary>
    public static void Check<T>(this AbstractValidator<T> validator, string name, Func<T, IEnumerable<string>> errors) =>
        validator.Check(name, (parameters, _) => errors(parameters));

    /// <inheritdoc cref="Check{T}(AbstractValidator{T}, string, Func{T, IEnumerable{string}})"/>
    public static void Check<T>(this AbstractValidator<T> validator, string name, Func<T, IValidationContext, IEnumerable<string>> errors) =>
        validator.RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            foreach (var error in errors(parameters, context))
            {
                context.AddFailure(new ValidationFailure(name, error));
            }
        });

    /// <summary>Rejects <c>none</c> together with other values of <c>groupBy</c>.</summary>
    /// <param name="errorEnd">The end of the error after "combines 'none' with".</param>
    public static void MustNotCombineNone<T>(this AbstractValidator<T> validator, Func<T, IEnumerable<string>> groupings, string errorEnd) =>
        validator.Check("groupBy", parameters => groupings(parameters).Distinct(StringComparer.Ordinal).ToList() is { Count: > 1 } given && given.Contains("none", StringComparer.Ordinal)
            ? [$"'{InputExcerpt.Of(string.Join(',', given))}' combines 'none' with {errorEnd}"]
            : []);

    /// <param name="listedIn">Where the caller finds the known values, if there are too many for a message (<see cref="DidYouMean.MaxListed"/>).</param>
    public static Func<string, string?> OneOf(
        string what, IReadOnlyCollection<string> known, Synonyms? synonyms = null, StringComparer? comparer = null, string? listedIn = null) =>
        value => known.Contains(value, comparer ?? StringComparer.Ordinal) ? null : DidYouMean.Message(value, what, known, synonyms, listedIn);

    /// <summary>The values of a parameter that is either true or false.</summary>
    public static readonly string[] SwitchValues = ["true", "false"];

    /// <summary>Accepts <see cref="SwitchValues"/>.</summary>
    public static Func<string, string?> Switch { get; } = OneOf("valid", SwitchValues, new(("true", "yes on 1"), ("false", "no off 0")));

    /// <param name="error">The error after the quoted value.</param>
    public static Func<string, string?> Is(Predicate<string> isValid, string error) =>
        value => isValid(value) ? null : $"'{InputExcerpt.Of(value)}' {error}";

    /// <param name="of">The plural noun for what is counted; null if the name of the parameter says it.</param>
    public static Func<string, string?> Number(int min, int max, string? of = null) => Is(
        value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max,
        $"is not a whole number{(of is null ? "" : $" of {of}")} from {min} to {max}.");

    /// <summary>Groups the errors by the wire name of the parameter, without duplicates.</summary>
    public static IReadOnlyDictionary<string, string[]> ByName(this ValidationResult result) => result.Errors
        .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
        .ToDictionary(errors => errors.Key, errors => errors.Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary>If there is any error, throws one problem with all errors. Unknown and repeated names in <paramref name="query"/> are errors too.</summary>
    /// <param name="lists">The names in <paramref name="known"/> that a caller can repeat.</param>
    /// <param name="errors">The errors that a validator has found, by wire name.</param>
    /// <exception cref="ProblemException">400: the query contains an error.</exception>
    public static void ThrowIfInvalid(
        IQueryCollection query, IReadOnlyList<string> known, IReadOnlyList<string> lists, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var repeated = RepeatedParameters.Find(query, known.Except(lists, StringComparer.Ordinal)).ToList();
        var all = UnknownParameters.Find(query, known)
            .Concat(repeated)
            .Concat((errors ?? new Dictionary<string, string[]>())
                // The validator gets the values of a repeated parameter joined into one text. The caller did not send this text.
                .Where(error => !repeated.Exists(parameter => parameter.Name == error.Key))
                .SelectMany(error => error.Value.Select(message => (Name: error.Key, Message: message))))
            .GroupBy(error => error.Name, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(messages => messages.Key, messages => messages.ToArray(), StringComparer.Ordinal);
        if (all.Count > 0)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(all));
        }
    }

    /// <summary>The items of a list parameter. The parameter can be repeated, comma-separated, or both. White space around items is removed.</summary>
    public static IReadOnlyList<string> Items(string[]? values) =>
        values is null ? [] : [.. values.SelectMany(value => (value ?? "").Split(',')).Select(item => item.Trim())];
}

/// <summary>Finds repeated parameters that can have only one value. They are rejected, because the caller could mean any of the given values.</summary>
internal static class RepeatedParameters
{
    private const int MaxShown = 3;

    /// <param name="single">The wire names of the parameters that can have only one value.</param>
    public static IEnumerable<(string Name, string Message)> Find(IQueryCollection query, IEnumerable<string> single) => single
        .Where(name => query.TryGetValue(name, out var values) && values.Count > 1)
        .Select(name => (name, Message(name, [.. query[name].Select(value => value ?? "")])));

    private static string Message(string name, string[] values)
    {
        var shown = string.Join(" and ", values.Take(MaxShown).Select(value => $"'{InputExcerpt.Of(value)}'"));
        return $"'{name}' is given {(values.Length == 2 ? "twice" : $"{values.Length} times")}, with {shown}{(values.Length > MaxShown ? " and others" : "")}: it can have only one value, so give it once.";
    }
}

/// <summary>
/// Finds unknown query parameters. They are rejected: if the service ignored a misspelled parameter, the caller would get the response to a different query.
/// The message suggests the probable name, if there is one.
/// </summary>
internal static class UnknownParameters
{
    // The maximum number of messages, because a URL can contain thousands of parameters.
    private const int MaxReported = 20;

    /// <param name="query">
    /// The query string. The collection ignores case: of names that differ only in case, it contains only the first one. A name in the collection is known only
    /// if it equals a wire name including case.
    /// </param>
    /// <param name="known">The wire names of the endpoint's parameters.</param>
    public static IEnumerable<(string Name, string Message)> Find(IQueryCollection query, IReadOnlyList<string> known) => Find(query.Keys, known);

    public static IEnumerable<(string Name, string Message)> Find(IEnumerable<string> names, IReadOnlyList<string> known) =>
        names
            .Where(name => !known.Contains(name, StringComparer.Ordinal))
            .Take(MaxReported)
            .Select(name => (InputExcerpt.Of(name), Message(name, known)));

    private static string Message(string name, IReadOnlyList<string> known) =>
        known is [] ? $"'{InputExcerpt.Of(name)}' is not a parameter; none are accepted here."
        : DidYouMean.To(name, known, ParameterSynonyms.All) is { } probable ? $"'{InputExcerpt.Of(name)}' is not a parameter here. Did you mean '{probable}'?"
        : $"'{InputExcerpt.Of(name)}' is not a parameter here: use one of {string.Join(", ", known)}.";
}
