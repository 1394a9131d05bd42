namespace GenesysAnalyticsApi.Genesys;

/// <summary>Ids are GUIDs that Genesys writes in lower case with dashes; callers write them as they like.</summary>
internal static class GenesysId
{
    public static bool Is(string text) => Guid.TryParse(text, out _);

    /// <summary>The id as Genesys writes it; what is no GUID stays as it is.</summary>
    public static string Canonical(string id) => Guid.TryParse(id, out var guid) ? guid.ToString() : id;
}
