namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>Whether the figures of a cell are equal, differ with a known cause, or differ without one.</summary>
internal enum Agreement
{
    Equal,
    Explained,
    Unexplained,
}

/// <summary>The number of cells, figures or values, by their agreement.</summary>
/// <param name="Total" example="1">The total number, including figures that are not compared.</param>
/// <param name="Equal" example="0">The number without a difference.</param>
/// <param name="Explained" example="1">The number with differences that all have a known cause.</param>
/// <param name="Unexplained" example="0">The number with a difference without a known cause.</param>
internal sealed record AgreementCounts(int Total, int Equal, int Explained, int Unexplained)
{
    public static AgreementCounts Of(IReadOnlyCollection<Agreement> all) =>
        new(all.Count, all.Count(agreement => agreement == Agreement.Equal), all.Count(agreement => agreement == Agreement.Explained), all.Count(agreement => agreement == Agreement.Unexplained));
}
