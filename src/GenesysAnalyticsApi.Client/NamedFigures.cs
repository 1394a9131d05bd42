using System.Globalization;
using Microsoft.Kiota.Abstractions.Serialization;

namespace GenesysAnalyticsApi.Client;

/// <summary>
/// Reads objects as dictionaries if the OpenAPI document does not list the names of their members, as for <c>record.Metrics</c> and
/// <c>record.UsersByPresence</c>. In the generated types, the members of these objects are untyped.
/// </summary>
public static class NamedFigures
{
    /// <summary>Returns the counts by name: <c>record.UsersByPresence.Counts()["AVAILABLE"]</c>.</summary>
    /// <param name="named">The object; null if the record does not contain it.</param>
    public static IReadOnlyDictionary<string, int> Counts(this IAdditionalDataHolder? named) =>
        Members(named).Where(member => member.Value is decimal).ToDictionary(member => member.Key, member => Convert.ToInt32(member.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>
    /// Returns the statistics by name: <c>record.Metrics.Statistics()["tAlert"]["sum"]</c>. A statistic is absent if its value is null. A metric is absent if
    /// the whole metric is null.
    /// </summary>
    /// <param name="named">The object; null if the record does not contain it.</param>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Statistics(this IAdditionalDataHolder? named) =>
        Members(named).Where(member => member.Value is UntypedObject).ToDictionary(member => member.Key, member => (IReadOnlyDictionary<string, double>)NumbersOf((UntypedObject)member.Value), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, object>> Members(IAdditionalDataHolder? named) => named is null ? [] : named.AdditionalData;

    private static Dictionary<string, double> NumbersOf(UntypedObject statistics) => statistics.GetValue()
        .Select(member => (member.Key, Number: NumberOf(member.Value)))
        .Where(member => member.Number is not null)
        .ToDictionary(member => member.Key, member => member.Number!.Value, StringComparer.Ordinal);

    private static double? NumberOf(UntypedNode node) => node switch
    {
        UntypedInteger number => number.GetValue(),
        UntypedLong number => number.GetValue(),
        UntypedDecimal number => (double)number.GetValue(),
        UntypedFloat number => number.GetValue(),
        UntypedDouble number => number.GetValue(),
        _ => null,
    };
}
