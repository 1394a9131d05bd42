using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.OpenApi.Metadata;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Describes the parameters of GET /aggregates in the OpenAPI document, with the lists and limits that the validator uses. <c>last</c> has no default in
/// the document, because the default applies only if none of <c>from</c>, <c>to</c>, <c>interval</c> and <c>period</c> is set.
/// </summary>
internal static class AggregatesParameterMetadata
{
    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["from"] = new("2026-11-01T00:00:00Z"),
        ["to"] = new("2026-11-02T00:00:00Z"),
        ["interval"] = new("2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"),
        ["last"] = new("P7D"),
        ["period"] = new("yesterday") { Values = NamedPeriods.Names },
        ["timeZone"] = new("Europe/Berlin") { Default = DateTimeZone.Utc.Id },
        ["granularity"] = new("PT1H") { Values = AggregatesParametersValidator.GranularityNames },
        ["queueId"] = new("05f1c285-6777-4ccc-806f-8db085ae0793") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxIds },
        ["queue"] = new("Billing*") { MaxItems = AggregatesParametersValidator.MaxNames },
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxIds },
        ["mediaType"] = new("voice") { Values = MediaTypes.Known, MaxItems = MediaTypes.Known.Count },
        ["messageType"] = new("whatsapp") { MaxItems = AggregatesParametersValidator.MaxMessageTypes },
        ["direction"] = new("inbound") { Values = AggregatesParametersValidator.Directions },
        ["userId"] = new("8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxIds },
        ["user"] = new("Anna*") { MaxItems = AggregatesParametersValidator.MaxNames },
        ["wrapUpCode"] = new("ININ-WRAP-UP-TIMEOUT") { MaxItems = AggregatesParametersValidator.MaxWrapUpCodes },
        ["groupBy"] = new("mediaType")
        {
            Values = AggregatesParametersValidator.GroupingNames,
            MaxItems = AggregatesParametersValidator.GroupingNames.Length - 1, // because 'none' cannot be combined with other values
            Default = string.Join(',', Groupings.Names(AggregatesQuery.DefaultGroupBy)),
        },
        ["metric"] = new("tNotResponding") { Values = GenesysMetrics.Names, MaxItems = AggregatesParametersValidator.MaxMetrics },
        ["serviceLevelThresholdMs"] = new("20000") { Range = (AnsweredWithin.MinThresholdMs, AnsweredWithin.MaxThresholdMs) },
        ["fill"] = new("zero") { Values = AggregatesParametersValidator.Fills, Default = AggregatesParametersValidator.Fills[0] },
        ["hours"] = new("08:00-20:00") { MaxItems = ShapingRules.MaxHours },
        ["weekdays"] = new("mon-fri") { MaxItems = Weekdays.Names.Count },
        ["totals"] = new("true") { Values = ParameterRules.SwitchValues, Default = ParameterRules.SwitchValues[1] },
        ["compare"] = new("previous") { Values = Comparison.Names },
        ["sort"] = new("-offered") { MaxItems = ShapingRules.MaxSortFields },
        ["limit"] = new("20") { Range = (1, ShapingRules.MaxLimit) },
        ["format"] = new("csv") { Values = ResponseFormat.Names },
        ["bom"] = new("true") { Values = ParameterRules.SwitchValues, Default = ParameterRules.SwitchValues[1] },
        ["partial"] = new("deny") { Values = AggregatesParametersValidator.Partials },
        ["maxAge"] = new("60") { Range = (0, AggregatesParametersValidator.MaxAgeSeconds) },
        ["explain"] = new("true") { Values = ParameterRules.SwitchValues, Default = ParameterRules.SwitchValues[1] },
    };
}
