using System.Text.Json;
using GenesysSimulator.Details;
using GenesysSimulator.World;
using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.RealTime;

/// <summary>
/// An open session, for the filters, groups and details of real-time queries. Dimensions that <see cref="ValueOf"/> does not list are valid but have no value.
/// </summary>
internal readonly struct SessionEntity(SimulatedWorld world, LiveSession session) : ILiveValues
{
    private static readonly JsonEncodedText ActivityDate = JsonEncodedText.Encode("activityDate");
    private static readonly JsonEncodedText ObservationDate = JsonEncodedText.Encode("observationDate");

    public LiveInterval Interval => session.Interval;

    public string SessionId => RecordWriter.IdOf(Interval.Participant, 1).ToString();

    private string? UserId => Interval.Agent == Team.NoAgent ? null : world.Agents[Interval.Agent].Id;

    private string Metric => Interval.Activity switch
    {
        LiveActivity.Waiting => "oWaiting",
        LiveActivity.Alerting => "oAlerting",
        _ => "oInteracting",
    };

    public string? ValueOf(string dimension) => dimension switch
    {
        "queueId" => session.Stream.Queue?.WireId,
        "mediaType" => session.Stream.Profile.Media,
        "direction" => SessionValues.DirectionName(Interval.Direction),
        "userId" => UserId,
        "sessionId" => SessionId,
        "conversationId" => world.ConversationIds.Of(Interval.Place).ToString(),
        "usedRouting" or "requestedRouting" or "activeRouting" => Interval.Activity == LiveActivity.Waiting ? SessionWriter.Routing : null,
        "routingPriority" => Interval.Activity == LiveActivity.Waiting ? "0" : null,
        _ => null,
    };

    public void WriteActivity(Utf8JsonWriter writer, long now)
    {
        writer.WriteStartObject();
        SessionWriter.WriteInstant(writer, ActivityDate, Interval.Start);
        writer.WriteString("metric", Metric);
        writer.WriteString("queueId", ValueOf("queueId"));
        writer.WriteString("mediaType", ValueOf("mediaType"));
        WriteCommon(writer, now);
        writer.WriteEndObject();
    }

    public void WriteObservation(Utf8JsonWriter writer, long now)
    {
        writer.WriteStartObject();
        SessionWriter.WriteInstant(writer, ObservationDate, Interval.Start);
        WriteCommon(writer, now);
        writer.WriteEndObject();
    }

    private void WriteCommon(Utf8JsonWriter writer, long now)
    {
        writer.WriteString("conversationId", world.ConversationIds.Of(Interval.Place));
        writer.WriteString("sessionId", SessionId);
        writer.WriteString("direction", SessionValues.DirectionName(Interval.Direction));
        if (UserId is { } userId)
        {
            writer.WriteString("userId", userId);
        }

        if (Interval.Activity == LiveActivity.Waiting)
        {
            writer.WriteNumber("routingPriority", 0);
            writer.WriteStartArray("requestedRoutings");
            writer.WriteStringValue(SessionWriter.Routing);
            writer.WriteEndArray();
        }

        var participantNumber = Interval.Participant;
        var record = new RecordSource(world).Records([Interval.Place], world.SnapshotAt(DateTimeOffset.FromUnixTimeMilliseconds(now))).Single();
        var values = new SessionValues(record, record.Participants.Single(participant => participant.Number == participantNumber));
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)
            [("participantName", values.ParticipantName), ("ani", values.Ani), ("dnis", values.Dnis), ("addressFrom", values.AddressFrom), ("addressTo", values.AddressTo)])
        {
            if (text is not null)
            {
                writer.WriteString(name, text);
            }
        }
    }
}
