namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>Whether the figures of a cell are equal, differ with a known cause, or differ without one.</summary>
internal enum Agreement
{
    Equal,
    Explained,
    Unexplained,
}

/// <summary>The number of cells or figures by their agreement.</summary>
/// <param name="Total" example="1">All, including figures that are not compared.</param>
/// <param name="Equal" example="0">Without a difference.</param>
/// <param name="Explained" example="1">With differences that all have a known cause.</param>
/// <param name="Unexplained" example="0">With a difference whose cause is unknown.</param>
internal sealed record AgreementCounts(int Total, int Equal, int Explained, int Unexplained)
{
    public static AgreementCounts Of(IReadOnlyCollection<Agreement> all) =>
        new(all.Count, all.Count(one => one == Agreement.Equal), all.Count(one => one == Agreement.Explained), all.Count(one => one == Agreement.Unexplained));
}
