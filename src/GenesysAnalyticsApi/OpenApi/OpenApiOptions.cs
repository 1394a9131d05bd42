namespace GenesysAnalyticsApi.OpenApi;

/// <summary>What the OpenAPI document says of this installation. It is complete without any of them.</summary>
internal sealed class OpenApiOptions
{
    public const string Section = "OpenApi";

    /// <summary>The address that callers ask by. Not set: the one by which the document was asked for.</summary>
    public Uri? ServerUrl { get; set; }

    /// <summary>Who answers questions about this installation.</summary>
    public string ContactName { get; set; } = "Operator of this service";

    public string? ContactEmail { get; set; }

    public Uri? ContactUrl { get; set; }

    /// <summary>The terms for callers; together with <see cref="LicenseUrl"/>. Not set: the document says that none are stated.</summary>
    public string? LicenseName { get; set; }

    public Uri? LicenseUrl { get; set; }
}
