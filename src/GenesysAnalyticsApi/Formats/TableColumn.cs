namespace GenesysAnalyticsApi.Formats;

/// <summary>A column of the flat formats: its name, and its value in a row. Null means that the cell has no value.</summary>
/// <typeparam name="TRow">The source of a row. Use a value type if many rows are written: the JIT compiler then specializes the loops for the type.</typeparam>
internal abstract record TableColumn<TRow>(string Name);

internal sealed record TextColumn<TRow>(string Name, Func<TRow, string?> Of) : TableColumn<TRow>(Name);

/// <param name="IsInstant">True for an instant in UTC; false for a local time.</param>
/// <param name="Of">The time as ISO 8601 text.</param>
/// <param name="Time">The same time, for formats with a type for times.</param>
internal sealed record TimeColumn<TRow>(string Name, bool IsInstant, Func<TRow, string?> Of, Func<TRow, DateTime?> Time) : TableColumn<TRow>(Name);

internal sealed record IntegerColumn<TRow>(string Name, Func<TRow, long?> Of) : TableColumn<TRow>(Name);

internal sealed record DecimalColumn<TRow>(string Name, Func<TRow, double?> Of) : TableColumn<TRow>(Name);

internal sealed record FlagColumn<TRow>(string Name, Func<TRow, bool?> Of) : TableColumn<TRow>(Name);
