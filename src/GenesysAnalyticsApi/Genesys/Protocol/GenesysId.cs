namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>Recognizes ids. Genesys writes ids as lower-case GUIDs with dashes. Callers can write ids in any GUID format.</summary>
internal static class GenesysId
{
    public static bool Is(string text) => Guid.TryParse(text, out _);

    /// <summary>Returns the id as Genesys writes it. Text that is not a GUID is returned unchanged.</summary>
    public static string Canonical(string id) => Guid.TryParse(id, out var guid) ? guid.ToString() : id;
}
