namespace GenesysAnalyticsApi.Security;

/// <summary>Which pages of others may ask from within a browser.</summary>
internal sealed class CrossOriginOptions
{
    public const string Section = "Cors";

    /// <summary>Exact origins, or <c>*</c>. None: no page but our own.</summary>
    public List<string> Origins { get; set; } = [];
}
