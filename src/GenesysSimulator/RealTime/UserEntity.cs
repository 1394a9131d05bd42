using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Details;
using GenesysSimulator.World;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.RealTime;

/// <summary>A member of a queue, for the filters, groups and details of real-time queries.</summary>
/// <param name="IsActive">Whether the member has activated the queue.</param>
internal readonly record struct UserEntity(string UserId, SimulatedQueue Queue, UserState State, bool IsActive) : ILiveValues
{
    private static readonly JsonEncodedText ActivityDate = JsonEncodedText.Encode("activityDate");
    private static readonly JsonEncodedText ObservationDate = JsonEncodedText.Encode("observationDate");
    private static readonly JsonEncodedText PresenceDate = JsonEncodedText.Encode("presenceDate");
    private static readonly JsonEncodedText RoutingStatusDate = JsonEncodedText.Encode("routingStatusDate");

    private string Membership => IsActive ? "active" : "inactive";

    public static IEnumerable<UserEntity> Of(SimulatedWorld world, SimulatedQueue queue, LiveState state)
    {
        var users = state.Users;
        return users.MembersOf(queue).Select(agent => new UserEntity(world.Agents[agent].Id, queue, users[agent], users.IsActiveMember(agent, queue)));
    }

    public string? ValueOf(string dimension) => dimension switch
    {
        "queueId" => Queue.WireId,
        "userId" => UserId,
        "organizationPresenceId" => State.Presence.Id.ToString("D", CultureInfo.InvariantCulture),
        "systemPresence" => State.Presence.SystemPresence,
        "routingStatus" => State.RoutingStatus,
        "queueMembershipStatus" => Membership,
        _ => null,
    };

    public void WriteActivity(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        SessionWriter.WriteInstant(writer, ActivityDate, Math.Max(State.Since, State.RoutingSince));
        writer.WriteString("userId", UserId);
        writer.WriteString("queueId", Queue.WireId);
        writer.WriteString("systemPresence", State.Presence.SystemPresence);
        writer.WriteString("organizationPresenceId", State.Presence.Id);
        SessionWriter.WriteInstant(writer, PresenceDate, State.Since);
        writer.WriteString("routingStatus", State.RoutingStatus);
        SessionWriter.WriteInstant(writer, RoutingStatusDate, State.RoutingSince);
        writer.WriteString("queueMembershipStatus", Membership);
        writer.WriteEndObject();
    }

    public void WriteObservation(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        SessionWriter.WriteInstant(writer, ObservationDate, Math.Max(State.Since, State.RoutingSince));
        writer.WriteString("userId", UserId);
        writer.WriteEndObject();
    }
}
