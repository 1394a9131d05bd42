using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Mvc;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>The parameters of POST /reconciliation/exports as unchecked text.</summary>
internal sealed record ExportParameters
{
    public static readonly ResponseFormat[] Formats = [ResponseFormat.Json, ResponseFormat.Table];

    /// <summary>How far the clock of the caller may be ahead of the clock of this service.</summary>
    private static readonly Duration ClockTolerance = Duration.FromMinutes(5);

    private static readonly string[] FormatNames = [.. Formats.Select(format => format.Name)];

    /// <summary>The names of all parameters.</summary>
    public static readonly IReadOnlyList<string> Names = ["timeZone", "interval", "exportedAt", "only", "limit", "format"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = Names.ToDictionary(
        name => name,
        name => name switch
        {
            "exportedAt" => new ParameterMetadata("2026-11-23T08:30:00Z"),
            "format" => new ParameterMetadata("table") { Values = FormatNames },
            "only" or "limit" => ReconciliationParameters.Metadata[name],
            _ => AggregatesParameterMetadata.All[name],
        },
        StringComparer.Ordinal);

    [FromQuery(Name = "timeZone")]
    [Description("The time zone in which the file was exported.")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "interval")]
    [Description("The interval of all rows as start/end, for a file without the columns Interval Start and Interval End.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "exportedAt")]
    [Description("The time at which the file was exported: later than the start of each row's interval, and at most 5 minutes in the future. A difference in a figure that Genesys could still change at that time has the cause late-data, unless another cause fits.")]
    public string? ExportedAt { get; init; }

    [FromQuery(Name = "only")]
    [Description("differences: only values that differ. all: every compared value.")]
    public string? Only { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of values to return, from 1 to 10000: unexplained differences first, then explained differences. meta counts all values.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "format")]
    [Description("The format of the response; it overrides the Accept header. table is text for people.")]
    public string? Format { get; init; }

    /// <summary>Returns the errors by parameter name, and the settings. The settings are valid only if there are no errors.</summary>
    public (Dictionary<string, string[]> Errors, ExportSettings Settings) Check(Instant now)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var zone = AggregatesQuery.ZoneOf(TimeZone);
        if (zone is null)
        {
            errors["timeZone"] = [TimeZoneHints.Message(TimeZone!)];
        }

        foreach (var (name, value, check) in new[]
        {
            ("only", Only, OneOf("valid", ReconciliationParameters.Selections)),
            ("limit", Limit, Number(1, ReconciliationParameters.MaxLimit, "values")),
            ("format", Format, OneOf("a format", FormatNames)),
        })
        {
            if (value is not null && check(value) is { } reason)
            {
                errors[name] = [reason];
            }
        }

        var settings = new ExportSettings(zone ?? DateTimeZone.Utc, IntervalOf(zone ?? DateTimeZone.Utc, now, message => errors["interval"] = [message]))
        {
            Now = now,
            ExportedAt = ExportedAtOf(zone ?? DateTimeZone.Utc, now, message => errors["exportedAt"] = [message]),
        };
        return (errors, settings);
    }

    private Instant? ExportedAtOf(DateTimeZone zone, Instant now, Action<string> error)
    {
        var exportedAt = ExportedAt is null ? null : InstantFormat.Parse(ExportedAt, zone, error);
        if (exportedAt > now + ClockTolerance)
        {
            error($"'{InputExcerpt.Of(ExportedAt!)}' is in the future: give a time no later than {InstantFormat.PrintSeconds(now + ClockTolerance)}, {ClockTolerance.TotalMinutes} minutes after the current time.");
        }

        return exportedAt;
    }

    private NodaTime.Interval? IntervalOf(DateTimeZone zone, Instant now, Action<string> error)
    {
        if (Interval is null)
        {
            return null;
        }

        if (Interval.Split('/') is not [var start, var end])
        {
            error($"'{InputExcerpt.Of(Interval)}' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.");
            return null;
        }

        if (InstantFormat.Parse(start, zone, error) is not { } from || InstantFormat.Parse(end, zone, error) is not { } to)
        {
            return null;
        }

        if (from >= to)
        {
            error($"'{InputExcerpt.Of(Interval)}' does not end after its start: write an end that is later than the start.");
            return null;
        }

        if (from < QueryInterval.Earliest || from >= now)
        {
            error($"'{InputExcerpt.Of(Interval)}' starts {(from >= now ? "in the future" : "too long ago")}: write a start from {InstantFormat.Print(QueryInterval.Earliest)} to now ({InstantFormat.PrintSeconds(now)}).");
            return null;
        }

        return new NodaTime.Interval(from, to);
    }
}
