using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// The rules that query parameters have in common. A check returns why a value is invalid, or null. Parameters are checked as text, and errors
/// carry the wire name.
/// </summary>
internal static class ParameterRules
{
    // A response to nonsense stays small, and each hint takes time to compute.
    private const int MostItems = 10;

    public static IRuleBuilderOptions<T, string?> Must<T>(this IRuleBuilder<T, string?> rule, string name, Func<string, string?> check) =>
        rule.Must((_, value, context) =>
            {
                var reason = value is null ? null : check(value);
                // As an argument: FluentValidation would replace placeholders in the caller's own text.
                context.MessageFormatter.AppendArgument("Reason", reason);
                return reason is null;
            })
            .WithMessage("{Reason}")
            .OverridePropertyName(name);

    /// <summary>Checks every item of a list and reports the first invalid ones, each with an error.</summary>
    public static void MustEach<T>(this AbstractValidator<T> validator, string name, Func<T, IEnumerable<string>> items, Func<string, string?> check) =>
        validator.RuleForEach(parameters => items(parameters).Distinct(StringComparer.Ordinal).Select(check).OfType<string>().Take(MostItems))
            .OverrideIndexer((_, _, _, _) => "")
            .Must(name, reason => reason);

    public static Func<string, string?> OneOf(
        string what, IReadOnlyCollection<string> known, Synonyms? synonyms = null, StringComparer? comparer = null) =>
        value => known.Contains(value, comparer ?? StringComparer.Ordinal) ? null : DidYouMean.Message(value, what, known, synonyms);

    public static Func<string, string?> Is(Predicate<string> isValid, string otherwise) =>
        value => isValid(value) ? null : $"'{InputExcerpt.Of(value)}' {otherwise}";

    public static Func<string, string?> Number(string what, int least, int most) => Is(
        value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most,
        $"is not {what} from {least} to {most}.");

    /// <summary>The errors by wire name, each once.</summary>
    public static IReadOnlyDictionary<string, string[]> ByName(this ValidationResult result) => result.Errors
        .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
        .ToDictionary(errors => errors.Key, errors => errors.Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary>Throws one problem with all errors: those of the validator, and the unknown names in <paramref name="query"/>.</summary>
    public static void ThrowIfInvalid(IQueryCollection query, IReadOnlyList<string> known, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var all = UnknownParameters.Find(query, known)
            .Concat((errors ?? new Dictionary<string, string[]>()).SelectMany(error => error.Value.Select(message => (Name: error.Key, Message: message))))
            .GroupBy(error => error.Name, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(messages => messages.Key, messages => messages.ToArray(), StringComparer.Ordinal);
        if (all.Count > 0)
        {
            throw new ProblemException(Problems.InvalidRequest(all));
        }
    }
}
