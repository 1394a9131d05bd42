namespace GenesysAnalyticsApi.Formats;

/// <summary>A column of the flat formats: its name, and its value in a row. Null is an empty cell.</summary>
/// <typeparam name="TRow">The source of a row. A value type where many rows are written, because the JIT compiler specializes the loops for it.</typeparam>
internal abstract record TableColumn<TRow>(string Name);

internal sealed record TextColumn<TRow>(string Name, Func<TRow, string?> Of) : TableColumn<TRow>(Name);

/// <param name="IsInstant">True for an instant in UTC; false for a local time.</param>
/// <param name="Of">The time as text in ISO-8601.</param>
/// <param name="Time">The same time for formats that have a type for it.</param>
internal sealed record TimeColumn<TRow>(string Name, bool IsInstant, Func<TRow, string?> Of, Func<TRow, DateTime?> Time) : TableColumn<TRow>(Name);

internal sealed record IntegerColumn<TRow>(string Name, Func<TRow, long?> Of) : TableColumn<TRow>(Name);

internal sealed record DecimalColumn<TRow>(string Name, Func<TRow, double?> Of) : TableColumn<TRow>(Name);

internal sealed record FlagColumn<TRow>(string Name, Func<TRow, bool?> Of) : TableColumn<TRow>(Name);
