using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Reads an entry of the user list or of the list of wrap-up codes. An entry without a usable id is dropped. Only the id, the name and the state of a user are
/// read. No message contains a name, because messages reach logs, and a name is personal data.
/// </summary>
internal static class NameEntryReader
{
    public static GenesysName? ReadUser(JsonElement entry, string position, Action<string> report) => Read(entry, "user", position, report) is { } user
        ? user with { IsActive = IsActive(entry, Shown("user", user.Id, position), report) }
        : null;

    public static GenesysName? ReadWrapUpCode(JsonElement entry, string position, Action<string> report) => Read(entry, "wrap-up code", position, report);

    /// <summary>Reads the id and the name. An entry without a name gets its id as its name.</summary>
    private static GenesysName? Read(JsonElement entry, string what, string position, Action<string> report)
    {
        if (ListEntryFields.IdOf(entry, position, report) is not { } id)
        {
            return null;
        }

        var name = ListEntryFields.NameOf(entry, out var isInvalid);
        if (isInvalid)
        {
            report($"the name of {Shown(what, id, position)} is invalid: it was {(name is null ? "replaced by the id" : "repaired")}");
        }

        return new(id, name ?? id, IsActive: null);
    }

    private static bool? IsActive(JsonElement entry, string shown, Action<string> report)
    {
        switch (entry.Text("state"))
        {
            case "active":
                return true;
            case "inactive" or "deleted":
                return false;
            default:
                if (entry.Member("state") is { ValueKind: not JsonValueKind.Null })
                {
                    report($"the state of {shown} was dropped: it is not active, inactive or deleted");
                }

                return null;
        }
    }

    // An id that is not a GUID can be anything, such as a person's email address, so messages do not contain such an id.
    private static string Shown(string what, string id, string position) => GenesysId.Is(id) ? $"{what} {id}" : position;
}
