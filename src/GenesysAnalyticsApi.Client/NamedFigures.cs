using System.Globalization;
using Microsoft.Kiota.Abstractions.Serialization;

namespace GenesysAnalyticsApi.Client;

/// <summary>
/// Reads objects whose member names the OpenAPI document does not list, such as <c>record.Metrics</c> and <c>record.UsersByPresence</c>, as
/// dictionaries. In the generated types, their members are untyped.
/// </summary>
public static class NamedFigures
{
    /// <summary>Counts by name: <c>record.UsersByPresence.Counts()["AVAILABLE"]</c>.</summary>
    /// <param name="named">The object; null if the record has none.</param>
    public static IReadOnlyDictionary<string, int> Counts(this IAdditionalDataHolder? named) =>
        Members(named).Where(member => member.Value is decimal).ToDictionary(member => member.Key, member => Convert.ToInt32(member.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>
    /// Statistics by name: <c>record.Metrics.Statistics()["tAlert"]["sum"]</c>. A statistic is absent if it is null, and a metric if all of its statistics are.
    /// </summary>
    /// <param name="named">The object; null if the record has none.</param>
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
