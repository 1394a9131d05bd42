namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// A statistic that cannot be right: a negative count, a text that is no number, a sum beyond all bounds. It is left out of its column:
/// its place there says 0 where parts are added up, and NaN elsewhere.
/// </summary>
/// <param name="Row">Its place in the arrays of the column.</param>
/// <param name="Statistic">Which statistic; <see cref="Statistic.Other"/> for all of them.</param>
/// <param name="Value">What Genesys wrote, fit to be shown.</param>
internal readonly record struct OddFigure(int Row, Statistic Statistic, string Value);
