namespace GenesysAnalyticsApi.Genesys;

/// <summary>Who a request to Genesys is made for: the budget is shared fairly among callers, and interactive questions go first.</summary>
internal sealed record GenesysAsker(string Caller, bool IsBackground)
{
    public static GenesysAsker Anonymous { get; } = new("anonymous", false);

    public static GenesysAsker Background { get; } = new("service", true);
}
