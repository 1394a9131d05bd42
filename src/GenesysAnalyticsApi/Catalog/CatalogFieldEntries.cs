using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>Derives the catalog entry of a field from its row in <see cref="RecordFieldDefinitions"/>.</summary>
internal static class CatalogFieldEntries
{
    public const string Rejected = "Genesys rejects a metric of the formula";

    public const string WithoutAnswers = "Genesys reports neither answers nor abandons for the queue's callbacks";

    /// <summary>Genesys does not report these metrics for customer-first callbacks.</summary>
    private static readonly string[] NotReportedForCallbacks = ["tAnswered", "tAbandon", "tShortAbandon"];

    public static CatalogEntry Of(RecordField field)
    {
        var formula = field is FigureField figure ? new Formula(figure.Source) : null;
        return new()
        {
            Name = field.Name,
            Kind = CatalogKind.Field,
            Title = CatalogEntries.Title(field.Name),
            Definition = field.Description,
            Unit = UnitOf(field, formula),
            GenesysMetric = formula?.Metric,
            GenesysStatistic = formula?.Statistic,
            Merge = formula is null ? field is FlagField ? CatalogMerge.Min : CatalogMerge.None : MergeOf(formula),
            MediaTypes = [],
            PostedWhen = PostedWhen(formula),
            NullWhen = formula is null ? field.NullWhen : NullWhen(formula),
            Source = formula?.Text ?? field.Origin,
            Dimensions = formula is null ? [] : CatalogMetricEntries.DimensionsOf(formula.Metrics),
            Group = null,
            Statistics = [],
        };
    }

    private static CatalogUnit UnitOf(RecordField field, Formula? formula) => field switch
    {
        TimeField { IsInstant: true } => CatalogUnit.Instant,
        TimeField => CatalogUnit.LocalTime,
        TextField => field.Name.EndsWith("Id", StringComparison.Ordinal) ? CatalogUnit.Id : CatalogUnit.Text,
        FlagField => CatalogUnit.Boolean,
        ObjectField => CatalogUnit.Object,
        _ when field.Name.EndsWith("Ms", StringComparison.Ordinal) => CatalogUnit.Ms,
        _ when formula!.IsQuotient || formula.Ends("target") => CatalogUnit.Ratio,
        _ => CatalogUnit.Count,
    };

    private static CatalogMerge MergeOf(Formula formula) =>
        formula.IsQuotient ? CatalogMerge.Ratio
        : formula.Ends("max") ? CatalogMerge.Max
        : formula.Ends("target") ? CatalogMerge.None
        : CatalogMerge.Sum;

    private static string? PostedWhen(Formula? formula)
    {
        var events = (formula?.Metrics ?? [])
            .Select(metric => (Metric: metric, GenesysMetricMeanings.Of(metric).PostedWhen))
            .Where(entry => entry.PostedWhen is not null)
            .ToList();
        return events switch
        {
            [] => null,
            [var only] when formula!.Metrics.Count == 1 => only.PostedWhen,
            _ => string.Join("; ", events.Select(entry => $"{entry.Metric}: {entry.PostedWhen}")),
        };
    }

    private static string NullWhen(Formula formula)
    {
        List<string> reasons = [];
        if (formula.IsQuotient)
        {
            reasons.Add("the denominator is 0");
            if (formula.Text.StartsWith("views.", StringComparison.Ordinal))
            {
                reasons.Add("a part of the bucket could not be fetched");
            }
        }

        if (formula.Ends("max"))
        {
            reasons.Add("nothing was counted");
            reasons.Add("a merged part has a count and no maximum");
        }

        if (formula.Ends("target"))
        {
            reasons.Add("merged parts have different targets");
        }

        // The answeredWithin view counts values of tAnswered.
        if (formula.Metrics.Any(NotReportedForCallbacks.Contains) || formula.Text.StartsWith("views.answeredWithin", StringComparison.Ordinal))
        {
            reasons.Add(WithoutAnswers);
        }

        reasons.Add(Rejected);
        return string.Join("; ", reasons);
    }
}
