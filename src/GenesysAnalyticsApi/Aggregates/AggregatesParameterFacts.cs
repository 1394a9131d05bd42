using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.OpenApi;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The parameters of GET /aggregates for the OpenAPI document: the very lists and limits that the validator holds them to.
/// <c>last</c> has no default here: it holds only where no other interval is given.
/// </summary>
internal static class AggregatesParameterFacts
{
    public static IReadOnlyDictionary<string, ParameterFacts> All { get; } = new Dictionary<string, ParameterFacts>(StringComparer.Ordinal)
    {
        ["from"] = new("2026-11-01T00:00:00Z"),
        ["to"] = new("2026-11-02T00:00:00Z"),
        ["interval"] = new("2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"),
        ["last"] = new("P7D"),
        ["period"] = new("yesterday") { Values = CalendarPeriods.Names },
        ["timeZone"] = new("Europe/Berlin") { Default = DateTimeZone.Utc.Id },
        ["granularity"] = new("PT1H") { Values = AggregatesParametersValidator.GranularityNames },
        ["queueId"] = new("05f1c285-6777-4ccc-806f-8db085ae0793") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["queue"] = new("Billing*") { MaxItems = AggregatesParametersValidator.MaxQueueNames },
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["mediaType"] = new("voice") { Values = MediaTypes.Known, MaxItems = MediaTypes.Known.Count },
        ["direction"] = new("inbound") { Values = AggregatesParametersValidator.Directions },
        ["groupBy"] = new("mediaType")
        {
            Values = AggregatesParametersValidator.GroupingNames,
            MaxItems = AggregatesParametersValidator.GroupingNames.Length - 1, // none stands alone
            Default = string.Join(',', Groupings.Names(AggregatesQuery.UsualGrouping)),
        },
        ["metric"] = new("tNotResponding") { Values = MetricCatalog.Names, MaxItems = AggregatesParametersValidator.MaxMetrics },
        ["fill"] = new("zero") { Values = AggregatesParametersValidator.Fills, Default = AggregatesParametersValidator.Fills[0] },
        ["partial"] = new("deny") { Values = AggregatesParametersValidator.Partials, Default = AggregatesParametersValidator.Partials[0] },
        ["maxAge"] = new("60") { Range = (0, AggregatesParametersValidator.MaxAgeSeconds) },
        ["explain"] = new("true") { Values = AggregatesParametersValidator.Switches, Default = AggregatesParametersValidator.Switches[1] },
    };
}
