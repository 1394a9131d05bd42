using System.Globalization;
using System.Text.Json;

namespace GenesysSimulator.RealTime;

/// <summary>A part of a user metric: the users with the same qualifiers, or all users if the metric has no qualifier.</summary>
/// <param name="Secondary">The second qualifier, which only the activity query sends.</param>
internal sealed record UserFigure(string Metric, string? Qualifier, string? Secondary, IReadOnlyList<UserEntity> Users)
{
    /// <summary>Writes the JSON members that observations and their notifications have in common.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("metric", Metric);
        if (Qualifier is not null)
        {
            writer.WriteString("qualifier", Qualifier);
        }

        writer.WriteStartObject("stats");
        writer.WriteNumber("count", Users.Count);
        writer.WriteEndObject();
    }
}

/// <summary>
/// Selects the users that a metric counts. The users on queue and off queue add up to the members, and so do the presences and the routing statuses.
/// </summary>
internal static class UserMetrics
{
    /// <param name="bySystemPresence">
    /// Whether the qualifier of a presence is the system presence, and the secondary qualifier is the organization's presence. Otherwise, the only qualifier is
    /// the organization's presence.
    /// </param>
    public static IEnumerable<UserFigure> Of(string metric, IReadOnlyList<UserEntity> users, bool bySystemPresence) => metric switch
    {
        "oMemberUsers" => [new(metric, null, null, users)],
        "oActiveUsers" => [new(metric, null, null, [.. users.Where(user => user.IsActive)])],
        "oOffQueueUsers" => [new(metric, null, null, [.. users.Where(user => !user.State.IsOnQueue)])],
        "oOnQueueUsers" => Split(metric, users.Where(user => user.State.IsOnQueue), user => user.State.RoutingStatus),
        "oUserRoutingStatuses" => Split(metric, users, user => user.State.RoutingStatus),
        _ when bySystemPresence => users.GroupBy(user => user.State.Presence)
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group => new UserFigure(metric, group.Key.SystemPresence, Wire(group.Key.Id), [.. group])),
        _ => Split(metric, users, user => Wire(user.State.Presence.Id)),
    };

    private static IEnumerable<UserFigure> Split(string metric, IEnumerable<UserEntity> users, Func<UserEntity, string> qualifier) =>
        users.GroupBy(qualifier, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new UserFigure(metric, group.Key, null, [.. group]));

    private static string Wire(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);
}
